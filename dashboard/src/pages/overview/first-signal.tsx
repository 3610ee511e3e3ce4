import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMe } from '../../api/session.js';
import { Empty } from '../../ui/empty.js';
import { Section } from '../../ui/section.js';
import { firstTrace, serverUrl } from '../settings/snippets/curl.js';

/** The services table before there are services. */
export function FirstSignal() {
  const url = serverUrl(useMe().installation.publicUrl, location.origin);
  return (
    <Section title="Services">
      <div className="card">
        <Empty
          title="No service has sent anything in this time."
          line={firstTrace(url, null)}
          action={
            <Button
              renderRoot={(props) => <Link to="/settings/$tab" params={{ tab: 'connect' }} {...props} />}
            >
              Connect a service
            </Button>
          }
        >
          Point an OpenTelemetry SDK at this address, or send a first span by hand. It appears here within a
          second or two, by itself.
        </Empty>
      </div>
    </Section>
  );
}
