import type { DeployMoment, ReleaseMoment } from '../src/model/releases.js';

/** Where a release stands among those of its service and environment. */
export interface Placed {
  readonly id: string;
  readonly previousVersion: string | null;
  readonly current: boolean;
}

export interface Timeline {
  readonly placed: readonly Placed[];
  /** Why the current one is current, in words. */
  readonly reason: string;
}

/** A version whose last request is older than the newest by this much no longer runs (milliseconds). */
export const quietMs = 10 * 60_000;

interface Step {
  readonly at: number;
  readonly release: ReleaseMoment;
}

/**
 * Which version runs now, and what ran before each: from the deploys that succeeded, and from the first
 * sight of versions that no successful deploy told of. A deploy is believed until telemetry shows otherwise;
 * telemetry can show otherwise only where deployed versions were ever seen in it (many services carry a
 * fixed `service.version` that has nothing to do with what is deployed).
 */
export function timelineOf(releases: readonly ReleaseMoment[], deploys: readonly DeployMoment[]): Timeline {
  const steps = stepsOf(releases, deploys);
  const { step, reason } = currentStep(steps, releases);
  const previous = new Map<string, string>();
  steps.forEach(({ release }, index) => {
    const before = steps[index - 1];
    if (before) previous.set(release.id, before.release.version);
  });
  return {
    placed: releases.map((release) => ({
      id: release.id,
      previousVersion: previous.get(release.id) ?? ranBefore(steps, release),
      current: release.id === step?.release.id,
    })),
    reason,
  };
}

/** Oldest first; a version that is deployed twice in a row is one step. */
function stepsOf(releases: readonly ReleaseMoment[], deploys: readonly DeployMoment[]): Step[] {
  const byId = new Map(releases.map((release) => [release.id, release]));
  const steps: Step[] = [];
  const deployed = new Set<string>();
  for (const { releaseId, status, at } of deploys) {
    const release = byId.get(releaseId);
    if (!release || status !== 'succeeded') continue;
    deployed.add(releaseId);
    steps.push({ at, release });
  }
  for (const release of releases) {
    if (release.telemetryFirstAt === null || deployed.has(release.id)) continue;
    steps.push({ at: release.telemetryFirstAt, release });
  }
  steps.sort((a, b) => a.at - b.at || (a.release.id < b.release.id ? -1 : 1));
  return steps.filter((step, index) => steps[index - 1]?.release.id !== step.release.id);
}

function currentStep(
  steps: readonly Step[],
  releases: readonly ReleaseMoment[],
): { step: Step | undefined; reason: string } {
  const newest = steps.at(-1);
  const traffic = releases.reduce((last, { telemetryLastAt }) => Math.max(last, telemetryLastAt ?? 0), 0);
  const telling = releases.some((release) => release.told && release.telemetryFirstAt !== null);
  for (const step of steps.toReversed()) {
    const { release, at } = step;
    if (traffic === 0) return { step, reason: 'the last deploy; telemetry carries no version' };
    if ((release.telemetryLastAt ?? 0) >= traffic - quietMs) {
      return { step, reason: 'the newest version that telemetry still carries' };
    }
    if (at >= traffic - quietMs) return { step, reason: 'deployed a moment ago; no telemetry of it yet' };
    if (release.told && !telling) {
      return { step, reason: 'the last deploy; telemetry carries other names for versions' };
    }
  }
  return { step: newest, reason: newest ? 'the last that is known' : 'no version has run yet' };
}

/** For a release that never ran (started, failed): what ran when it was told. */
function ranBefore(steps: readonly Step[], release: ReleaseMoment): string | null {
  const before = steps.findLast((step) => step.at <= release.firstSeenAt && step.release.id !== release.id);
  return before?.release.version ?? null;
}
