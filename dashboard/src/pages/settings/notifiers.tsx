import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { List } from '../../../../src/http/contract/common.js';
import type { Notification, Notifier } from '../../../../src/http/contract/incidents.js';
import { api } from '../../api/client.js';
import { useCan } from '../../api/session.js';
import { useApi } from '../../api/use-api.js';
import { Ago } from '../../ui/ago.js';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { Section } from '../../ui/section.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { StateGlyph } from '../../ui/state-glyph.js';
import { NotificationHistory } from './notification-history.js';
import './notifiers.css';
import { countsOf, kindWords, stateOf, type NotifierState } from './notifier-words.js';

const example = `alerts:
  slack:
    - { name: team, url: https://hooks.slack.com/services/... }
  webhooks:
    - { name: desk, url: https://hooks.example.com/lemni, secret: whsec_... }`;

/** Who is told of incidents, a test for each, and what was sent lately. */
export function Notifiers() {
  const notifiers = useApi<List<Notifier>>('/api/notifiers', {}, { refetchInterval: 15_000 });
  const items = notifiers.data?.items;
  return (
    <>
      <Section title="Notifiers" note={items?.length}>
        {notifiers.error && !items ? (
          <ErrorBox
            what="The notifiers could not be loaded."
            error={notifiers.error}
            retry={() => void notifiers.refetch()}
          />
        ) : (
          <div className="card">
            {!items ? (
              <TableSkeleton rows={2} />
            ) : items.length === 0 ? (
              <Empty title="Nobody is told of incidents." line={example}>
                Name a Slack webhook or one of your own in the configuration. Messages to your own are signed
                as Standard Webhooks are.
              </Empty>
            ) : (
              <ul className="notifier-list">
                {items.map((notifier) => (
                  <NotifierLine key={notifier.name} notifier={notifier} />
                ))}
              </ul>
            )}
          </div>
        )}
      </Section>
      <NotificationHistory notifiers={items ?? []} />
    </>
  );
}

function NotifierLine({ notifier }: { notifier: Notifier }) {
  const queries = useQueryClient();
  const may = useCan('admin');
  const test = useMutation({
    mutationFn: () => api.post<Notification>(`/api/notifiers/${encodeURIComponent(notifier.name)}/test`),
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: ['/api/notifications'] });
      await queries.invalidateQueries({ queryKey: ['/api/notifiers'] });
    },
  });
  const { last } = notifier;
  const { glyph, word }: NotifierState = stateOf(last);
  return (
    <li>
      <StateGlyph state={glyph} word={word} />
      <div className="notifier-words">
        <p>
          <strong>{notifier.name}</strong> {kindWords(notifier.kind)}
        </p>
        <p className="muted small">
          <code>{notifier.target}</code>
          {notifier.sendResolved ? '' : ', not told when an incident ends'}
        </p>
        <p className="muted small">
          {countsOf(notifier)}
          {last === null ? null : (
            <>
              , last <Ago at={last.sentAt ?? last.createdAt} />
            </>
          )}
        </p>
        {last !== null && last.status !== 'sent' && last.lastError !== null ? (
          <p className="notifier-error">{last.lastError}</p>
        ) : null}
        <TestOutcome sent={test.data} error={test.error} />
      </div>
      {may ? (
        <Button size="xs" variant="default" loading={test.isPending} onClick={() => test.mutate()}>
          Send test
        </Button>
      ) : null}
    </li>
  );
}

/** What came of the test that was just sent: it stays until the next one. */
function TestOutcome({ sent, error }: { sent: Notification | undefined; error: Error | null }) {
  if (error)
    return (
      <p className="notifier-error" role="status">
        The test was not sent: {error.message}
      </p>
    );
  if (sent === undefined) return null;
  if (sent.status === 'sent')
    return (
      <p className="notifier-good" role="status">
        The test arrived.
      </p>
    );
  return (
    <p className="notifier-error" role="status">
      {sent.status === 'pending' ? 'The test has no answer yet.' : 'The test did not arrive.'}
    </p>
  );
}
