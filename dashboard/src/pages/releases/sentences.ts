import type { Release } from '../../../../src/http/contract/changes.js';
import { span } from '../../time/format.js';
import { verdictWord } from '../../ui/verdict-word.js';

const day = 86_400_000;
type Dated = Pick<Release, 'service' | 'deployedAt' | 'firstSeenAt'>;

/** When people first had it, Unix ms. */
export function outSince(release: Pick<Release, 'deployedAt' | 'firstSeenAt'>): number {
  return Date.parse(release.deployedAt ?? release.firstSeenAt);
}

/** `7 releases of 4 services in the last 24 hours.` `now` is Unix ms; `more`: the list goes on. */
export function whatWasReleased(
  releases: readonly Dated[],
  { now, more }: { now: number; more: boolean },
): string {
  if (releases.length === 0) return 'Nothing that Lemni knows of.';
  for (const [span, words] of [
    [day, 'in the last 24 hours'],
    [7 * day, 'in the last 7 days'],
  ] as const) {
    const recent = releases.filter((release) => now - outSince(release) < span);
    if (recent.length > 0) return `${counted(recent, more && recent.length === releases.length)} ${words}.`;
  }
  return `${counted(releases, more)}, none in the last 7 days.`;
}

function counted(releases: readonly Dated[], more: boolean): string {
  const services = new Set(releases.map(({ service }) => service)).size;
  const many = `${releases.length}${more ? '+' : ''}`;
  const what = releases.length === 1 ? '1 release' : `${many} releases`;
  return `${what} of ${services === 1 ? '1 service' : `${services} services`}`;
}

type Told = Pick<
  Release,
  'service' | 'version' | 'environment' | 'status' | 'current' | 'deployedAt' | 'firstSeenAt' | 'verdict'
>;

/** The verdict where there is one; else where the release stands. `now` is Unix ms. */
export function whatItDid(release: Told, now: number): string {
  const { verdict } = release;
  const where = release.environment === '' ? '' : ` in ${release.environment}`;
  const name = `${release.service} ${release.version}`;
  if (release.status === 'failed') return `${name} failed to deploy${where}.`;
  if (release.status === 'canceled') return `The deploy of ${name}${where} was canceled.`;
  if (verdict && verdict.state !== 'baking' && verdict.state !== 'none') return verdict.sentence;
  if (release.status === 'started') return `${name} is being deployed${where}.`;
  const out = `out${where} for ${span(Math.max(0, now - outSince(release)))}`;
  if (verdict?.state === 'baking') return `${name} has been ${out}; it is ${baking(verdict, now)}.`;
  return release.current ? `${name} has been ${out}.` : `${name} was out${where}, and is replaced.`;
}

function baking(verdict: NonNullable<Release['verdict']>, now: number): string {
  const word = verdictWord(verdict, now);
  return word === 'baking' ? 'judged when its bake time is over' : word;
}
