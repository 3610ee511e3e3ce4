import { LemniError, messageOf } from '../lib/errors.js';

/** Where a command writes: the terminal in main.ts, strings in tests. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
}

/** A table with aligned columns, for people. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(header), ...rows.map(line)].join('\n');
}

/** What a person is told of a failure: the sentence for what we know, the stack too for what we do not. */
export function explain(error: unknown): string {
  if (error instanceof LemniError && error.code !== 'bug') return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
}

export function when(ms: number | null): string {
  return ms === null ? 'never' : new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}
