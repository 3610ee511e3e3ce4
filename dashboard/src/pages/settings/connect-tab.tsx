import { Button, Tabs } from '@mantine/core';
import { Link, useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useCan, useMe } from '../../api/session.js';
import { CopyLine } from '../../ui/copy-line.js';
import { ErrorBox } from '../../ui/error-box.js';
import { Section } from '../../ui/section.js';
import { changeLine, deployLine, serverUrl } from './snippets/curl.js';
import { feedbackFetch, rule, widgetTag } from './snippets/feedback.js';
import { otelGuides, type Target } from './snippets/otel.js';
import { useNewKey } from './use-new-key.js';

const loopback = /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/;

/** Copy-and-paste set-up, with this address and a key filled in. */
export function ConnectTab() {
  const url = serverUrl(useMe().installation.publicUrl, location.origin);
  const [keys, setKeys] = useState<{ ingest: string | null; public: string | null }>({
    ingest: null,
    public: null,
  });
  const local = loopback.test(url);
  const target: Target = { url, key: keys.ingest ?? (local ? null : 'YOUR_KEY') };
  useScrollToHash();
  return (
    <>
      <KeyMaker
        local={local}
        have={keys.ingest !== null}
        scope="ingest"
        onKey={(key) => setKeys((old) => ({ ...old, ingest: key }))}
      />
      <div id="otel">
        <Section title="Logs, traces and metrics" note="OpenTelemetry">
          <OtelTabs target={target} />
        </Section>
      </div>
      <div id="deploys">
        <Section title="Deploys" note="at the end of your pipeline">
          <p className="settings-say">Sending the same deploy twice changes nothing.</p>
          <CopyLine block text={deployLine(url, target.key)} />
          <p className="settings-say settings-also">
            Test runs and published artifacts are told in the same way, with their type:
          </p>
          <CopyLine block text={changeLine(url, target.key)} />
        </Section>
      </div>
      <div id="github">
        <Section title="GitHub" note="pushes, pipelines and deployments">
          <p className="settings-say">
            In the repository&apos;s settings, under Webhooks, add this address with the content type{' '}
            <code>application/json</code>, the events pushes, workflow runs, deployments and deployment
            statuses, and a secret that also stands in <code>LEMNI_HOOKS_GITHUB_SECRET</code> where Lemni
            runs.
          </p>
          <CopyLine text={`${url}/hooks/github`} />
        </Section>
      </div>
      <div id="feedback">
        <Section title="Feedback" note="from your pages">
          <p className="settings-say">
            The page&apos;s origin must stand in <code>ingest.allowedOrigins</code>; the public key may stand
            in the page.{' '}
            <NewPublicKey
              have={keys.public !== null}
              onKey={(key) => setKeys((old) => ({ ...old, public: key }))}
            />
          </p>
          <CopyLine block text={widgetTag({ url, key: keys.public })} />
          <p className="settings-say settings-also">
            It adds a button and a dialog; <code>lemni(&apos;open&apos;)</code> opens it from a button of
            yours. A form of your own sends what it has with one fetch:
          </p>
          <CopyLine block text={feedbackFetch({ url, key: keys.public })} />
        </Section>
      </div>
      <div id="rules">
        <Section title="Rules" note="what counts as wrong">
          <p className="settings-say">
            Put a file like this into the rules directory: it is read at once, and{' '}
            <Link to="/settings/$tab" params={{ tab: 'alerting' }}>
              the rules
            </Link>{' '}
            say how it is doing. <code>lemni rules check FILE</code> explains mistakes.
          </p>
          <CopyLine block text={rule} />
        </Section>
      </div>
    </>
  );
}

/** A link such as /settings/connect#github; the page is drawn later than the browser would scroll. */
function useScrollToHash(): void {
  const hash = useRouterState({ select: ({ location: { hash } }) => hash });
  useEffect(() => {
    if (hash !== '') document.getElementById(hash)?.scrollIntoView({ block: 'start' });
  }, [hash]);
}

function OtelTabs({ target }: { target: Target }) {
  return (
    <Tabs defaultValue="node" variant="pills" keepMounted={false}>
      <Tabs.List mb="md" aria-label="Language">
        {otelGuides.map(({ id, name }) => (
          <Tabs.Tab key={id} value={id}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {otelGuides.map((guide) => (
        <Tabs.Panel key={guide.id} value={guide.id}>
          <ol className="settings-steps">
            {guide.steps(target).map(({ say, text }) => (
              <li key={say}>
                <p className="settings-say">{say}.</p>
                <CopyLine block text={text} />
              </li>
            ))}
          </ol>
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

interface KeyMakerProps {
  local: boolean;
  have: boolean;
  scope: 'ingest';
  onKey: (key: string) => void;
}

function KeyMaker({ local, have, scope, onKey }: KeyMakerProps) {
  const make = useNewKey();
  const may = useCan('admin');
  if (have)
    return (
      <div className="settings-note" data-good>
        <p>The key is filled in below. It is shown now and never again: copy what you need.</p>
      </div>
    );
  return (
    <div className="settings-note">
      <p>
        {local
          ? 'Senders on this machine need no key. Those elsewhere do, once Lemni listens on more than this machine.'
          : 'Senders need a key that may write and read nothing.'}
      </p>
      {may ? (
        <Button
          variant={local ? 'default' : 'filled'}
          loading={make.isPending}
          onClick={() =>
            make.mutate(
              { name: 'From the Connect page', scope },
              { onSuccess: (created) => onKey(created.key) },
            )
          }
        >
          Create a key and fill it in
        </Button>
      ) : (
        <p className="muted">An admin can create one.</p>
      )}
      {make.error ? <ErrorBox what="The key could not be created." error={make.error} /> : null}
    </div>
  );
}

function NewPublicKey({ have, onKey }: { have: boolean; onKey: (key: string) => void }) {
  const make = useNewKey();
  const may = useCan('admin');
  if (have) return <strong>The key below is new and shown only now.</strong>;
  if (!may) return null;
  return (
    <Button
      size="compact-xs"
      variant="default"
      loading={make.isPending}
      onClick={() =>
        make.mutate(
          { name: 'Feedback of pages', scope: 'public' },
          { onSuccess: (created) => onKey(created.key) },
        )
      }
    >
      Create a public key and fill it in
    </Button>
  );
}
