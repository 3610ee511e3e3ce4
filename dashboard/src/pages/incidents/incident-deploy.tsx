import { IconRocket } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Incident } from '../../../../src/http/contract/incidents.js';
import { Ago } from '../../ui/ago.js';
import { Version } from '../../ui/version.js';
import { began, deployDistance } from './sentences.js';

/** The last deploy before it: the first thing to look at. */
export function IncidentDeploy({ incident }: { incident: Incident }) {
  const deploy = incident.lastDeploy;
  if (!deploy)
    return (
      <div className="incident-deploy card" data-known="false">
        <IconRocket size={20} aria-hidden />
        <p className="muted">
          No deploy is known before it.{' '}
          <Link to="/settings/$tab" params={{ tab: 'connect' }} hash="deploys">
            Tell Lemni of deploys
          </Link>{' '}
          and the next incident names its own.
        </p>
      </div>
    );
  return (
    <div className="incident-deploy card">
      <IconRocket size={20} aria-hidden />
      <div>
        <p className="incident-deploy-what">
          <strong>{deploy.service}</strong> <Version version={deploy.version} releaseId={deploy.releaseId} />{' '}
          was deployed {deployDistance(began(incident), Date.parse(deploy.at))}
        </p>
        <p className="muted">
          <Ago at={deploy.at} />
          {deploy.actor === '' ? '' : `, by ${deploy.actor}`}. The last deploy before an incident is a hint,
          not a verdict.
        </p>
      </div>
    </div>
  );
}
