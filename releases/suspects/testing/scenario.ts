import { seeded } from '../../../src/lib/seeded.js';
import type { ServiceCall } from '../../../src/model/suspects.js';
import type { Candidate, OtherService, ServiceSeries, SuspectFacts, VersionMinute } from '../facts.js';

export const scenarioKinds = [
  'own release',
  'slow to show',
  'gradual rollout',
  'callee release',
  'two close together',
  'two bad releases at once',
  'traffic spike',
  'coincidental deploy after',
  'old deploys only',
  'infrastructure',
  'infrastructure after a deploy',
] as const;
export type ScenarioKind = (typeof scenarioKinds)[number];

export interface Scenario {
  readonly kind: ScenarioKind;
  readonly facts: SuspectFacts;
  /** The guilty release; null: none. Known to the test only. */
  readonly guilty: string | null;
}

const minuteMs = 60_000;
const start = Date.parse('2026-11-22T10:00:00Z');
const services = ['web', 'checkout', 'payment', 'inventory', 'search', 'mail'] as const;
const edges: readonly (readonly [string, string])[] = [
  ['web', 'checkout'],
  ['web', 'search'],
  ['checkout', 'payment'],
  ['checkout', 'inventory'],
  ['checkout', 'mail'],
];

interface World {
  readonly random: () => number;
  /** Minute 0 of the failure, Unix ms. */
  readonly onset: number;
  readonly deploys: Deploy[];
  /** Failure rate that a version of a service adds at a minute of the time. */
  readonly broken: Map<string, (at: number) => number>;
  readonly everywhere: (service: string, at: number) => number;
  traffic: number;
}

interface Deploy {
  readonly id: string;
  readonly service: string;
  readonly version: string;
  readonly from: number;
  /** Ends when all instances run it. */
  readonly rolledOut: number;
}

/**
 * A small shop in which something breaks: its minutes are simulated request by request, so that the facts are what
 * telemetry would have told, and the truth is in none of them. The same for the same seed.
 */
export function scenario(kind: ScenarioKind, seed: number): Scenario {
  const random = seeded(seed * 7919 + kind.length * 104_729);
  const onset = start + Math.floor(random() * 60 * minuteMs);
  const world: World = {
    random,
    onset,
    deploys: [],
    broken: new Map(),
    everywhere: () => 0,
    traffic: 1,
  };
  background(world, kind);
  const { guilty, failing, everywhere, traffic } = inject(world, kind);
  return { kind, guilty, facts: factsOf({ ...world, everywhere, traffic }, failing) };
}

/** Deploys that have nothing to do with it: on a busy day one of them is close by chance. */
function background({ random, onset, deploys }: World, kind: ScenarioKind): void {
  const aDay = kind === 'old deploys only' ? 3 : 1.5;
  const latest = kind === 'old deploys only' ? 2 * 3_600_000 : 0;
  for (const service of services) {
    const count = poisson(aDay, random);
    for (let i = 0; i < count; i++) {
      const from = onset - latest - random() * (24 * 3_600_000 - latest);
      deploys.push(deployOf(service, from, deploys.length));
    }
  }
}

interface Injected {
  readonly guilty: string | null;
  readonly failing: readonly string[];
  readonly everywhere: World['everywhere'];
  readonly traffic: number;
}

function inject(world: World, kind: ScenarioKind): Injected {
  const { random, onset, deploys, broken } = world;
  const harm = 0.08 + random() * 0.5;
  const fails = (at: number): number => (at >= onset ? harm : 0);
  const calm = { everywhere: () => 0, traffic: 1 };
  const guiltyDeploy = (service: string, agoMs: number, rolloutMs = 60_000): Deploy => {
    const deploy = deployOf(service, onset - agoMs, deploys.length, rolloutMs);
    deploys.push(deploy);
    broken.set(`${service} ${deploy.version}`, fails);
    return deploy;
  };
  switch (kind) {
    case 'own release':
      return { ...calm, guilty: guiltyDeploy('checkout', random() * 5 * minuteMs).id, failing: ['checkout'] };
    case 'slow to show': {
      const ago = (15 + random() * 120) * minuteMs;
      return { ...calm, guilty: guiltyDeploy('checkout', ago).id, failing: ['checkout'] };
    }
    case 'gradual rollout': {
      const deploy = guiltyDeploy('checkout', random() * 3 * minuteMs, 40 * minuteMs);
      return { ...calm, guilty: deploy.id, failing: ['checkout'] };
    }
    case 'callee release': {
      const { id } = guiltyDeploy('payment', random() * 8 * minuteMs);
      const lead = random() < 0.5 ? ['checkout'] : ['payment', 'checkout'];
      return { ...calm, guilty: id, failing: lead };
    }
    case 'two close together': {
      const { id } = guiltyDeploy('checkout', (1 + random() * 6) * minuteMs, 30 * minuteMs);
      deploys.push(
        deployOf(random() < 0.5 ? 'payment' : 'web', onset - random() * 8 * minuteMs, deploys.length),
      );
      return { ...calm, guilty: id, failing: ['checkout'] };
    }
    case 'two bad releases at once': {
      // A service that has nothing to do with it breaks by its own release: a train of them, on a bad day.
      const { id } = guiltyDeploy('checkout', random() * 5 * minuteMs);
      guiltyDeploy('search', random() * 30 * minuteMs);
      return { ...calm, guilty: id, failing: ['checkout'] };
    }
    case 'traffic spike':
      return {
        guilty: null,
        failing: ['checkout'],
        everywhere: (service, at) => (service === 'checkout' && at >= onset ? harm / 2 : 0),
        traffic: 2.5 + random() * 4,
      };
    case 'coincidental deploy after':
      deploys.push(deployOf('checkout', onset + (2.5 + random() * 5) * minuteMs, deploys.length));
      return { ...calm, guilty: null, failing: ['checkout'], everywhere: only('checkout', fails) };
    case 'old deploys only':
      return { ...calm, guilty: null, failing: ['checkout'], everywhere: only('checkout', fails) };
    case 'infrastructure':
      return {
        ...calm,
        guilty: null,
        failing: ['web', 'checkout', 'search'],
        everywhere: (_, at) => fails(at) * 0.7,
      };
    case 'infrastructure after a deploy':
      deploys.push(deployOf('checkout', onset - random() * 10 * minuteMs, deploys.length));
      return { ...calm, guilty: null, failing: ['checkout', 'search'], everywhere: (_, at) => fails(at) };
  }
}

function only(name: string, fails: (at: number) => number): World['everywhere'] {
  return (service, at) => (service === name ? fails(at) : 0);
}

function deployOf(service: string, from: number, index: number, rolloutMs = 60_000): Deploy {
  const version = `1.${index}.0`;
  return { id: `${service}-${version}`, service, version, from, rolledOut: from + rolloutMs };
}

function factsOf(world: World, failing: readonly string[]): SuspectFacts {
  const { random, onset, deploys } = world;
  // The alert looks at five minutes, and is judged when it fires and for a while after.
  const at = onset + (0.5 + random() * 2) * minuteMs;
  const now = at + (0.5 + random() * 8) * minuteMs;
  const series = services.map((service) => ({ service, minutes: simulate(world, service, now) }));
  return {
    now,
    at,
    environment: 'production',
    failing,
    signal: 'errors',
    operation: '',
    calls: callsOf(series, onset),
    candidates: deploys.filter(({ from }) => from <= now).map(candidateOf),
    series,
    others: series.map((one) => otherOf(one, at, deploys)),
    changes: [],
    unread: [],
  };
}

/** Requests and failures a minute and version of the last hour; a failure of a callee fails its callers. */
function simulate(world: World, service: string, now: number): VersionMinute[] {
  const { random, onset } = world;
  const minutes: VersionMinute[] = [];
  const first = Math.floor((onset - 60 * minuteMs) / minuteMs) * minuteMs;
  const base = (20 + (services.indexOf(service as (typeof services)[number]) % 3) * 25) * (0.5 + random());
  for (let minute = first; minute <= now; minute += minuteMs) {
    const middle = Math.min(minute + minuteMs / 2, now);
    const size = base * (middle >= onset ? world.traffic : 1) * Math.min(1, (now - minute) / minuteMs);
    for (const [version, share] of running(world, service, middle)) {
      const total = poisson(size * share, random);
      if (total === 0) continue;
      // In the minute of the onset a part of the requests came before it.
      const part = minute < onset && minute + minuteMs > onset ? (minute + minuteMs - onset) / minuteMs : 1;
      const rate =
        0.004 + part * failureRate(world, service, version, Math.max(middle, part < 1 ? onset : 0));
      minutes.push({ minute, version, total, failed: binomial(total, Math.min(0.95, rate), random) });
    }
  }
  return minutes;
}

function failureRate(world: World, service: string, version: string, at: number): number {
  const own = (world.broken.get(`${service} ${version}`)?.(at) ?? 0) + world.everywhere(service, at);
  const below = edges
    .filter(([caller]) => caller === service)
    .map(([, callee]) =>
      running(world, callee, at).reduce(
        (sum, [name, share]) => sum + share * failureRate(world, callee, name, at),
        0,
      ),
    );
  // Not every request needs every callee.
  return below.reduce((sum, rate) => sum + 0.6 * rate, own);
}

/** The versions that take requests at a moment: while one is rolled out it shares with the one before. */
function running({ deploys }: World, service: string, at: number): [string, number][] {
  const past = deploys
    .filter((deploy) => deploy.service === service && deploy.from <= at)
    .sort((a, b) => b.from - a.from);
  const [last, previous] = past;
  const before = previous?.version ?? '1.0';
  if (!last) return [['1.0', 1]];
  const share = Math.min(1, (at - last.from) / (last.rolledOut - last.from));
  return share >= 1
    ? [[last.version, 1]]
    : [
        [last.version, Math.max(0.05, share)],
        [before, 1 - share],
      ];
}

function callsOf(series: readonly ServiceSeries[], onset: number): ServiceCall[] {
  return edges.map(([caller, callee]) => {
    const minutes = series.find(({ service }) => service === callee)?.minutes ?? [];
    const during = minutes.filter(({ minute }) => minute >= onset - 5 * minuteMs);
    const calls = during.reduce((sum, { total }) => sum + total, 0);
    const errors = during.reduce((sum, { failed }) => sum + failed, 0);
    return { caller, callee, environment: 'production', calls, errors };
  });
}

function otherOf({ service, minutes }: ServiceSeries, at: number, deploys: readonly Deploy[]): OtherService {
  const add = (parts: readonly VersionMinute[]) => ({
    total: parts.reduce((sum, { total }) => sum + total, 0),
    failed: parts.reduce((sum, { failed }) => sum + failed, 0),
  });
  const begin = Math.floor(at / minuteMs) * minuteMs;
  return {
    service,
    before: add(minutes.filter(({ minute }) => minute < begin - 10 * minuteMs)),
    during: add(minutes.filter(({ minute }) => minute >= begin - minuteMs)),
    isReleased: deploys.some(
      (deploy) => deploy.service === service && deploy.from <= at && deploy.from >= at - 60 * minuteMs,
    ),
  };
}

function candidateOf({ id, service, version, from, rolledOut }: Deploy): Candidate {
  return {
    releaseId: id,
    service,
    environment: 'production',
    version,
    previousVersion: '1.0',
    kind: 'deployed',
    status: 'succeeded',
    actor: '',
    from,
    at: rolledOut,
  };
}

function poisson(mean: number, random: () => number): number {
  if (mean > 40) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count++;
  return count;
}

function binomial(total: number, rate: number, random: () => number): number {
  let failed = 0;
  for (let i = 0; i < total; i++) if (random() < rate) failed++;
  return failed;
}
