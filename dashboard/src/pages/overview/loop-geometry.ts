/**
 * The sign: a lemniscate of Bernoulli, x = cos t / (1 + sin² t), y = sin t cos t / (1 + sin² t), drawn with y
 * downwards, so that the way leads from the crossing over the upper left lobe, back through the crossing, and
 * over the right one. Positions are fractions of the box.
 */

export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** The order of the loop. `feedback` is where the curves cross. */
export const way = ['plan', 'code', 'build', 'test', 'release', 'deploy', 'operate', 'monitor'] as const;
export type Stop = (typeof way)[number];

/** How much of the box the curve takes, so that discs at its ends stay inside. */
const reach = { x: 0.465, y: 0.5 };
/** The curve's own height for a half width of 1: 1 / (2 √2). */
const natural = 1 / (2 * Math.SQRT2);

export function curve(t: number): Spot {
  const sin = Math.sin(t);
  const cos = Math.cos(t);
  const scale = 1 + sin * sin;
  return {
    x: 0.5 + (reach.x * cos) / scale,
    y: 0.5 + (reach.y * (sin * cos)) / scale / natural,
  };
}

/** The parameter in (from, to) at which the curve's x is `x`; x must be monotonic there. */
function solve(x: number, from: number, to: number): number {
  let low = from;
  let high = to;
  const rising = curve(to).x > curve(from).x;
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (curve(middle).x < x === rising) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const half = Math.PI / 2;
/**
 * Four columns: two rows of four stations, also on a phone. At these the curve is equally high, so that the rows
 * are level, and the middle has room for what people say.
 */
const columns = [0.115, 0.335, 0.665, 0.885] as const;

/** Where each station lies on the curve, as its parameter from π/2 (the crossing) to 5π/2. */
export const parameters: Readonly<Record<Stop, number>> = {
  plan: solve(columns[1], half, 2 * half),
  code: solve(columns[0], half, 2 * half),
  build: solve(columns[0], 2 * half, 3 * half),
  test: solve(columns[1], 2 * half, 3 * half),
  release: solve(columns[2], 3 * half, 4 * half),
  deploy: solve(columns[3], 3 * half, 4 * half),
  operate: solve(columns[3], 4 * half, 5 * half),
  monitor: solve(columns[2], 4 * half, 5 * half),
};

export const crossing: Spot = { x: 0.5, y: 0.5 };

/** Upper stations carry their words above the curve, lower ones below. */
export function isUpper(stop: Stop): boolean {
  return curve(parameters[stop]).y < 0.5;
}

/** An SVG path from one parameter to another, in a box of `width` by `height` px. */
export function arc(from: number, to: number, width: number, height: number): string {
  const steps = Math.max(8, Math.ceil((to - from) * 24));
  const points = Array.from({ length: steps + 1 }, (_, i) => {
    const { x, y } = curve(from + ((to - from) * i) / steps);
    return `${(x * width).toFixed(1)} ${(y * height).toFixed(1)}`;
  });
  return `M${points.join('L')}`;
}

/** The eight stretches from station to station; the last one leads back to the first. */
export const stretches: readonly { from: Stop; to: Stop; start: number; end: number }[] = way.map(
  (from, i) => {
    const to = way[(i + 1) % way.length] ?? 'plan';
    const start = parameters[from];
    const end = parameters[to];
    return { from, to, start, end: end > start ? end : end + 2 * Math.PI };
  },
);
