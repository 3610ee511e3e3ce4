/** A figure of a run: what was measured, what it came to, and what DESIGN asks for. */
export interface Figure {
  readonly what: string;
  readonly value: string;
  readonly target?: string;
  /** Undefined: there is no target. */
  readonly met?: boolean;
}

export interface Section {
  readonly title: string;
  /** How it was measured, so that somebody else can judge it. */
  readonly how: string;
  readonly figures: readonly Figure[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Three significant digits, with thin groups: 110,000. */
export function round(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Number(value.toPrecision(3)).toLocaleString('en-GB', { maximumFractionDigits: 3 });
}

/**
 * docs/benchmarks.md: written by script, never by hand. What was measured now takes the place of the section of its
 * title; the others stay as they were measured, so that one part can be measured again alone.
 */
export function toMarkdown(sections: readonly Section[], machine: string, written = ''): string {
  const parts = new Map(
    written
      .split(/^## /m)
      .slice(1)
      .map((text) => [text.split('\n', 1)[0] ?? '', `## ${text.trimEnd()}`]),
  );
  for (const section of sections) parts.set(section.title, sectionOf(section));
  return [
    '# Benchmarks',
    '',
    `Written by \`npm run bench\`; do not edit. ${machine}. Machines differ: the ratios are what to compare.`,
    '',
    [...parts.values()].join('\n\n'),
    '',
  ].join('\n');
}

function sectionOf({ title, how, figures }: Section): string {
  const rows = figures.map(
    ({ what, value, target, met }) =>
      `| ${what} | ${value} | ${target ?? ''} | ${met === undefined ? '' : met ? 'met' : '**short**'} |`,
  );
  return [
    `## ${title}`,
    '',
    how,
    '',
    '| what | measured | goal | |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
