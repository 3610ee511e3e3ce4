import type { LogRecord } from '../../../../src/http/contract/telemetry.js';

/** Fields of every record that can be a column; any other name is an attribute. */
export const baseColumns = ['service', 'version', 'environment', 'trace', 'event'] as const;
export const defaultColumns: readonly string[] = ['service', 'version'];
const most = 12;
const storageKey = 'lemni-log-columns';

/** The columns of the URL, else those chosen last in this browser, else the usual ones. `none` is none. */
export function columnsOf(text: string | undefined, stored: string | null): readonly string[] {
  const chosen = text ?? stored;
  if (chosen === null || chosen === '') return defaultColumns;
  if (chosen === 'none') return [];
  const names = chosen.split(',').map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ''))].slice(0, most);
}

export function columnsText(columns: readonly string[]): string {
  return columns.length === 0 ? 'none' : columns.join(',');
}

export function storedColumns(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

export function storeColumns(text: string): void {
  try {
    localStorage.setItem(storageKey, text);
  } catch {
    // Storage may be off; the URL still has them.
  }
}

export function columnValue(record: LogRecord, column: string): string {
  switch (column) {
    case 'service':
      return record.service;
    case 'version':
      return record.version;
    case 'environment':
      return record.environment;
    case 'trace':
      return record.traceId;
    case 'event':
      return record.eventName;
    default:
      return (
        record.attributes[column.replace(/^attr\./, '')] ??
        record.resource[column.replace(/^resource\./, '')] ??
        record.scope.attributes[column.replace(/^scope\./, '')] ??
        ''
      );
  }
}

/** px */
export function columnWidth(column: string): number {
  const widths: Record<string, number> = {
    service: 128,
    version: 88,
    environment: 104,
    trace: 96,
    event: 128,
  };
  return widths[column] ?? Math.min(220, Math.max(96, column.length * 8 + 24));
}
