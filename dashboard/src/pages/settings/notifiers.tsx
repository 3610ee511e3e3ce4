import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { List } from '../../../../src/http/contract/common.js';
import type { Notification } from '../../../../src/http/contract/incidents.js';
import { api } from '../../api/client.js';
import { useCan } from '../../api/session.js';
import { useApi } from '../../api/use-api.js';
import { Ago } from '../../ui/ago.js';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { Section } from '../../ui/section.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { StateGlyph } from '../../ui/state-glyph.js';
import { IncidentNotifications } from '../incidents/incident-notifications.js';
import '../incidents/incident.css';

interface Notifier {
  readonly name: string;
  readonly kind: string;
}

const example = `alerts:
  webhooks:
    - { name: chat, url: https://hooks.example.com/lemni, secret: whsec_... }`;

/** Who is told of incidents, a test for each, and what was sent lately. */
export function Notifiers() {
  const notifiers = useApi<List<Notifier>>('/api/notifiers');
  const sent = useApi<List<Notification>>('/api/notifications', { limit: 20 }, { refetchInterval: 15_000 });
  const history = sent.data?.items ?? [];
  return (
    <>
      <Section title="Notifiers">
        {notifiers.error && !notifiers.data ? (
          <ErrorBox
            what="The notifiers could not be loaded."
            error={notifiers.error}
            retry={() => void notifiers.refetch()}
          />
        ) : (
          <div className="card">
            {!notifiers.data ? (
              <TableSkeleton rows={2} />
            ) : notifiers.data.items.length === 0 ? (
              <Empty title="Nobody is told of incidents." line={example}>
                Name a webhook in the configuration; messages are signed as Standard Webhooks are.
              </Empty>
            ) : (
              <ul className="rule-list">
                {notifiers.data.items.map((notifier) => (
                  <NotifierLine
                    key={notifier.name}
                    notifier={notifier}
                    last={history.find((one) => one.notifier === notifier.name)}
                  />
                ))}
              </ul>
            )}
          </div>
        )}
      </Section>
      {history.length === 0 ? null : (
        <Section title="Sent lately">
          <IncidentNotifications notifications={history} />
        </Section>
      )}
    </>
  );
}

function NotifierLine({ notifier, last }: { notifier: Notifier; last: Notification | undefined }) {
  const queries = useQueryClient();
  const may = useCan('admin');
  const test = useMutation({
    mutationFn: () => api.post<Notification>(`/api/notifiers/${encodeURIComponent(notifier.name)}/test`),
    onSettled: () => queries.invalidateQueries({ queryKey: ['/api/notifications'] }),
  });
  const latest = test.data ?? last;
  const works = latest === undefined ? undefined : latest.status;
  return (
    <li>
      <StateGlyph
        state={works === 'failed' ? 'critical' : works === 'sent' ? 'healthy' : 'inactive'}
        word={
          works === 'failed'
            ? 'failed'
            : works === 'sent'
              ? 'works'
              : works === 'pending'
                ? 'sending'
                : 'not used yet'
        }
      />
      <div className="rule-words">
        <p>
          <strong>{notifier.name}</strong> {notifier.kind}
        </p>
        {latest?.status === 'failed' && latest.lastError !== null ? (
          <p className="rule-error">{latest.lastError}</p>
        ) : null}
        {test.error ? <p className="rule-error">{test.error.message}</p> : null}
      </div>
      <span className="muted small rule-when">
        {latest === undefined ? null : <Ago at={latest.sentAt ?? latest.createdAt} />}
      </span>
      {may ? (
        <Button size="compact-xs" variant="default" loading={test.isPending} onClick={() => test.mutate()}>
          Send a test
        </Button>
      ) : null}
    </li>
  );
}
