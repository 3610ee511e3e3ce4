import type { Impact, ProblemDetail, ProblemItem } from '../../../../src/http/contract/problems.js';
import { count, join } from '../../time/format.js';

type Ranked = Pick<ProblemItem, 'title' | 'state' | 'impact'>;

const many = (n: number, one: string, more: string): string => `${join(count(n))} ${n === 1 ? one : more}`;

/** What a problem cost, each part with its unit; what nobody can know or what was nothing is left out. */
export function costs({ people, requestsFailed, minutes, feedback }: Impact): string[] {
  return [
    people === null || people === 0 ? '' : many(people, 'person', 'people'),
    requestsFailed === 0 ? '' : many(requestsFailed, 'failed request', 'failed requests'),
    minutes === 0 ? '' : many(minutes, 'minute', 'minutes'),
    feedback === 0 ? '' : many(feedback, 'feedback', 'feedbacks'),
  ].filter((part) => part !== '');
}

/** `It hit 312 people in 34 minutes: 1.24 k requests failed, and 5 feedbacks speak of it.` */
export function impactSentence({ people, requestsFailed, minutes, feedback }: Impact): string {
  const when = minutes === 0 ? '' : ` in ${many(minutes, 'minute', 'minutes')}`;
  const effects = [
    requestsFailed === 0 ? '' : `${many(requestsFailed, 'request', 'requests')} failed`,
    feedback === 0 ? '' : many(feedback, 'feedback speaks of it', 'feedbacks speak of it'),
  ].filter((part) => part !== '');
  const what = effects.join(', and ');
  if (people !== null && people > 0)
    return `It hit ${many(people, 'person', 'people')}${when}${what === '' ? '' : `: ${what}`}.`;
  if (what !== '') return `${what.charAt(0).toUpperCase()}${what.slice(1)}${when}.`;
  if (minutes > 0) return `It was seen${when}; nothing says whom it hit.`;
  return 'It has cost nobody anything in the last 30 days.';
}

/** The page's answer: the costliest of those that still wait for a fix, and how many fixes are watched. */
export function whatToFix(problems: readonly Ranked[], more: boolean): string {
  const waiting = problems.filter(
    ({ state }) => state === 'open' || state === 'planned' || state === 'regressed',
  );
  const fixes = problems.filter(({ state }) => state === 'fixed').length;
  const watched =
    fixes === 0 ? '' : fixes === 1 ? ' 1 fix is being watched.' : ` ${fixes} fixes are being watched.`;
  const [first] = waiting;
  if (!first) return `Nothing waits for a fix.${watched}`;
  const [cost] = costs(first.impact);
  const price = cost === undefined ? '' : ` (${cost})`;
  const title = first.title.replace(/[.\s]+$/, '');
  if (waiting.length === 1 && !more) return `1 problem waits for a fix: ${title}${price}.${watched}`;
  return `${waiting.length}${more ? '+' : ''} problems wait for a fix; the costliest: ${title}${price}.${watched}`;
}

type Trended = Pick<ProblemDetail, 'trend' | 'verification'>;

/**
 * The chart's title: what it shows, as a finding. One failure shows in several parts (its alert, its error, its log
 * line), so they are not added up: the part that was seen most speaks for all.
 */
export function trendFinding({ trend, verification }: Trended): string {
  const from = Date.parse(trend.from);
  const fix = verification ? Date.parse(verification.startedAt) : null;
  const counted = trend.series.map(({ points }) => {
    let all = 0;
    let after = 0;
    points.forEach((point, i) => {
      all += point ?? 0;
      if (fix !== null && from + i * trend.stepMs >= fix) after += point ?? 0;
    });
    return { all, after };
  });
  const most = counted.reduce((best, one) => (one.all > best.all ? one : best), { all: 0, after: 0 });
  if (most.all === 0) return 'Not seen in this time';
  if (!verification) return `Seen ${times(most.all)}`;
  const since = most.after === 0 ? 'not since' : `${join(count(most.after))} of them since`;
  return `Seen ${times(most.all)}, ${since} ${verification.version}`;
}

const times = (n: number): string => (n === 1 ? 'once' : `${join(count(n))} times`);
