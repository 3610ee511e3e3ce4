import type { Share } from '../../src/lib/statistics/proportions.js';

/** Failures come in bursts, so that a thousand requests tell no more than this many that are independent. */
const effective = 150;
/** Even the clearest numbers may be of the wrong place. */
const strongest = 5;

/**
 * How much better two failure rates explain these shares than one does, in nats (the log of the Bayes factor with
 * uniform priors on the rates); negative when the first fails less than the second, or as much.
 */
export function bayesFactor(own: Share, others: Share): number {
  const scale = Math.min(1, effective / (own.total + others.total));
  const [a, b] = [tempered(own, scale), tempered(others, scale)];
  const two = logBeta(a) + logBeta(b);
  const one = logBeta({
    successes: a.successes + b.successes,
    total: a.total + b.total,
  });
  const factor = two - one;
  const more = own.successes / own.total > others.successes / others.total;
  const weight = more ? factor : -Math.abs(factor);
  return Math.max(-strongest, Math.min(strongest, weight));
}

function tempered({ successes, total }: Share, scale: number): Share {
  return { successes: successes * scale, total: total * scale };
}

/** Log of Beta(failed + 1, passed + 1). */
function logBeta({ successes, total }: Share): number {
  return logGamma(successes + 1) + logGamma(total - successes + 1) - logGamma(total + 2);
}

/** Stirling's series, shifted to where it is exact to nine digits. */
function logGamma(x: number): number {
  let shift = 0;
  let y = x;
  while (y < 8) shift += Math.log(y++);
  const inverse = 1 / y;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  return (y - 0.5) * Math.log(y) - y + Math.log(2 * Math.PI) / 2 + series - shift;
}
