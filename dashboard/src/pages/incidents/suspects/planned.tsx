import { Link } from '@tanstack/react-router';
import { IconListNumbers } from '@tabler/icons-react';
import type { List } from '../../../../../src/http/contract/common.js';
import type { IncidentDetail } from '../../../../../src/http/contract/incidents.js';
import type { ProblemItem } from '../../../../../src/http/contract/problems.js';
import { useApi } from '../../../api/use-api.js';
import { PlanFix } from '../../problems/plan-fix.js';
import { problemOf } from './words.js';

/** The problem that plans its fix, or the way to open one. */
export function Planned({ incident }: { incident: IncidentDetail }) {
  const service = incident.services[0];
  const problems = useApi<List<ProblemItem>>(
    '/api/problems',
    { service, state: 'all', limit: 100 },
    { enabled: service !== undefined },
  );
  const problem = problemOf(incident, problems.data?.items ?? []);
  if (!problem) return <PlanFix size="xs" from={{ kind: 'incident', incidentId: incident.id }} />;
  return (
    <Link to="/problems/$id" params={{ id: problem.id }} className="planned" title={problem.title}>
      <IconListNumbers size={16} aria-hidden />
      <span className="visually-hidden">Its problem: </span>
      <span className="mono">P-{problem.number}</span> {problem.state}
    </Link>
  );
}
