import type { Evidence, Suspect, SuspectBrief } from '../../../../../src/http/contract/suspects.js';
import type { Incident } from '../../../../../src/http/contract/incidents.js';
import type { ProblemItem } from '../../../../../src/http/contract/problems.js';

const kindWords: Readonly<Record<Evidence['kind'], string>> = {
  time_since_deploy: 'Time',
  share_of_failures: 'Share of failures',
  before_after: 'Before and after',
  service_graph: 'Who calls whom',
  first_seen: 'New with it',
  feedback: 'Feedback',
  base_rate: 'Around it',
};

export function kindWord(kind: Evidence['kind']): string {
  return kindWords[kind];
}

/** `87 %`; at the ends `over 99 %` and `under 1 %`, since nothing is certain. */
export function probable(probability: number): string {
  if (probability >= 1) return '100 %';
  if (probability > 0.99) return 'over 99 %';
  if (probability < 0.01) return 'under 1 %';
  return `${Math.round(probability * 100)} %`;
}

/** How an evidence's log odds read: by how many times it makes the suspect more or less probable. */
export function pull(weight: number): { word: string; direction: 'for' | 'against' | 'neither' } {
  if (Math.abs(weight) < 0.15) return { word: 'says little', direction: 'neither' };
  const times = Math.exp(Math.abs(weight));
  const many = times >= 10 ? Math.round(times).toString() : times.toFixed(1).replace(/\.0$/, '');
  return weight > 0 ? { word: `×${many}`, direction: 'for' } : { word: `÷${many}`, direction: 'against' };
}

/** The answer of the page in one sentence. */
export function mostProbable(suspects: readonly Suspect[]): string {
  const [first] = suspects;
  if (!first) return '';
  const name = first.releaseId === null ? 'that no release is to blame' : first.title;
  if (first.probability < 0.5) return `Not clear: ${name} is the likeliest at ${probable(first.probability)}`;
  return `${first.releaseId === null ? 'It is likely ' : ''}${name}: ${probable(first.probability)}`;
}

/** For a row of a list: `suspect: checkout 1.4.0, 87 %`; null while nobody was judged. */
export function suspectLine(suspect: SuspectBrief | null | undefined): string | null {
  if (!suspect) return null;
  if (suspect.releaseId === null) return `no release is to blame, ${probable(suspect.probability)}`;
  return `suspect: ${suspect.service} ${suspect.version}, ${probable(suspect.probability)}`;
}

/** The problem that plans the fix of the same alerts, if there is one. */
export function problemOf(
  incident: Pick<Incident, 'alerts' | 'environment'>,
  problems: readonly ProblemItem[],
): ProblemItem | undefined {
  const alerts = new Set(
    incident.alerts.map(({ rule, labels }) => keyOf(rule, labels['service'], labels['operation'])),
  );
  return problems.find(
    ({ state, signature, environment }) =>
      state !== 'dismissed' &&
      (environment === '' || incident.environment === '' || environment === incident.environment) &&
      signature.some(
        (part) => part.kind === 'alert' && alerts.has(keyOf(part.rule, part.service, part.operation)),
      ),
  );
}

function keyOf(rule: string, service = '', operation = ''): string {
  return JSON.stringify([rule, service, operation]);
}
