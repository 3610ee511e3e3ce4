import type { AlertLife } from '../../src/model/alerts.js';
import { span } from '../rules/words.js';

export interface Timing {
  /** How long the condition must hold before the alert fires, ms. */
  readonly forMs: number;
  /** How long the alert keeps firing after the condition stopped to hold, ms. */
  readonly keepFiringForMs: number;
}

/** What was seen at this evaluation; undefined: nothing with these labels was there. */
export interface Seen {
  readonly breached: boolean;
  /** `checkout: 7.2 % of requests fail (...), above 5 %`. */
  readonly because: string;
}

/**
 * started: pending; fired; resolved; dropped: was pending and is no more; held: back to pending since `for`
 * was raised; kept: `keepFiringFor` began; ongoing: the same as before.
 */
export type Transition =
  'started' | 'fired' | 'resolved' | 'dropped' | 'held' | 'kept' | 'ongoing' | 'inactive';

export interface Step {
  /** Undefined: inactive. */
  readonly next: AlertLife | undefined;
  readonly transition: Transition;
  /** Why, for a person. */
  readonly reason: string;
}

/**
 * The life of an alert, as in Prometheus 3.14 (rules/alerting.go Eval): inactive, pending while the condition
 * holds for less than `for`, firing, and resolved when it no longer holds. `previous` is a pending or firing
 * life; a resolved one is over, and the same labels begin a new one.
 */
export function step(
  previous: AlertLife | undefined,
  seen: Seen | undefined,
  now: number,
  timing: Timing,
): Step {
  return seen?.breached === true
    ? whileItHolds(previous, seen.because, now, timing)
    : whenItDoesNot(previous, seen?.because ?? 'Nothing with these labels is there any more', now, timing);
}

function whileItHolds(
  previous: AlertLife | undefined,
  because: string,
  now: number,
  { forMs }: Timing,
): Step {
  const known = previous === undefined || previous.state === 'resolved' ? undefined : previous;
  // A clock that was set back: what began "later" begins now, and what fired has lasted at least until then.
  const fired = known?.firedAt ?? null;
  const activeAt = fired === null ? Math.min(known?.activeAt ?? now, now) : (known?.activeAt ?? now);
  const lasted = Math.max(now, fired ?? now) - activeAt;
  if (lasted < forMs) {
    const pending: AlertLife = { ...pendingSince(activeAt) };
    const reason = `${because}; fires when it has lasted ${span(forMs)}`;
    // `for` was raised by a reload: a firing alert waits again (prometheus issue 18243).
    if (known?.state === 'firing') return { next: pending, transition: 'held', reason };
    return { next: pending, transition: known ? 'ongoing' : 'started', reason };
  }
  const reason = lasted === 0 ? because : `${because}, for ${span(lasted)}`;
  if (known?.state === 'firing') {
    return { next: { ...known, keepFiringSince: null }, transition: 'ongoing', reason };
  }
  return {
    next: { ...pendingSince(activeAt), state: 'firing', firedAt: now },
    transition: 'fired',
    reason,
  };
}

function whenItDoesNot(
  previous: AlertLife | undefined,
  because: string,
  now: number,
  { keepFiringForMs }: Timing,
): Step {
  if (previous === undefined || previous.state === 'resolved') {
    return { next: undefined, transition: 'inactive', reason: because };
  }
  if (previous.state === 'pending') return { next: undefined, transition: 'dropped', reason: because };
  const since = Math.min(previous.keepFiringSince ?? now, now);
  if (keepFiringForMs > 0 && now - since < keepFiringForMs) {
    return {
      next: { ...previous, keepFiringSince: since },
      transition: previous.keepFiringSince === null ? 'kept' : 'ongoing',
      reason: `${because}; kept firing for ${span(keepFiringForMs)} in case it comes back`,
    };
  }
  return {
    next: { ...previous, state: 'resolved', resolvedAt: now, keepFiringSince: null },
    transition: 'resolved',
    reason: because,
  };
}

function pendingSince(activeAt: number): AlertLife {
  return { state: 'pending', activeAt, firedAt: null, resolvedAt: null, keepFiringSince: null };
}
