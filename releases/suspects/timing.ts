import type { Evidence } from '../../src/http/contract/suspects.js';
import { duration } from '../verdicts/words.js';
import type { Candidate } from './facts.js';
import type { Onset } from './onset.js';

const minuteMs = 60_000;
/** The time before an incident in which releases are suspected. */
export const lookBackMs = 24 * 3_600_000;
/** Releases after it began are told too, with what speaks against them. */
export const lookAheadMs = 30 * minuteMs;
/** Clocks differ, and telemetry tells the minute only. */
const skewMs = 90_000;

/**
 * How long a guilty release takes to be felt: most within minutes, some when a job or a cache comes round, a few
 * at any time of the day. Density a minute; each part adds up to its share.
 */
const lags = [
  { share: 0.6, meanMs: 10 * minuteMs },
  { share: 0.3, meanMs: 120 * minuteMs },
] as const;
const anyTime = 0.1;
/** Log odds of one release against "no release" before its time is known: most deploys do no harm. */
const prior = -1.2;
/** A rollback brings back what ran well before. */
const rollback = -0.8;

/** Time between the release and the failure; the prior is part of it. */
export function weighTime(candidate: Candidate, onset: Onset): Evidence {
  const lag = onset.at + (onset.isSeen ? minuteMs / 2 : 0) - candidate.from;
  const kind = candidate.kind === 'rolledback' ? rollback : 0;
  const link = `/releases/${encodeURIComponent(candidate.releaseId)}`;
  const what = deedOf(candidate);
  const base = { kind: 'time_since_deploy' as const, link };
  if (lag < -skewMs) {
    // Only a failure that was there before cannot be its work.
    const weight = prior - 3 - Math.min(3, -lag / (5 * minuteMs));
    return { ...base, weight, text: `${what} ${duration(-lag)} after the failures began.` };
  }
  const since = Math.max(0, lag);
  const density = lags.reduce(
    (found, { share, meanMs }) => found + (share / meanMs) * Math.exp(-since / meanMs),
    anyTime / lookBackMs,
  );
  const weight = prior + kind + Math.log(density * lookBackMs);
  const back = kind === 0 ? '' : ', and a rollback rarely brings a failure';
  const unsure = onset.isSeen ? 'the failures began' : 'the alert became active';
  const distance = since < skewMs ? 'within 2 min of when' : `${duration(since)} before`;
  return { ...base, weight, text: `${what} ${distance} ${unsure}${back}.` };
}

function deedOf({ kind, service, version, status }: Candidate): string {
  const name = version === '' ? `a version of ${service} without a name` : `${service} ${version}`;
  if (kind === 'rolledback') return `Rolled back to ${name}`;
  if (kind === 'seen') return `First seen in telemetry: ${name},`;
  return status === 'failed' ? `The deploy of ${name} failed` : `Deployed: ${name},`;
}

/** `deployed 4 min before it began`, `deployed 3 min after it began`: the end of a title. */
export function whenOf(candidate: Candidate, onset: Onset): string {
  const lag = onset.at - candidate.from;
  const verb =
    candidate.kind === 'rolledback'
      ? 'rolled back to'
      : candidate.kind === 'seen'
        ? 'first seen'
        : 'deployed';
  if (lag < -skewMs) return `${verb} ${duration(-lag)} after it began`;
  if (lag < minuteMs) return `${verb} when it began`;
  return `${verb} ${duration(lag)} before ${onset.isSeen ? 'it began' : 'the alert'}`;
}
