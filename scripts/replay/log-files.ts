import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DataSet, ReplayLog } from './signals.js';

/**
 * A directory of log files: the service is told by the file, the time and the severity by each line. The files
 * come from different years; each is moved so that all end together, or the older ones would be past any
 * retention before they arrive.
 */
export function readLogFiles(directory: string): DataSet {
  const files = filesBelow(directory).map(readLogFile);
  const end = files.reduce((latest, file) => (file.end > latest ? file.end : latest), 0n);
  const signals = files.flatMap((file) => file.logs.map((log) => ({ ...log, at: log.at + end - file.end })));
  signals.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const skipped = files.reduce((sum, file) => sum + file.skipped, 0);
  return {
    name: basename(directory),
    signals,
    skipped: skipped === 0 ? {} : { 'no time before the first line': skipped },
  };
}

function readLogFile(path: string): { logs: ReplayLog[]; end: bigint; skipped: number } {
  const service = serviceOfFile(path);
  const logs: ReplayLog[] = [];
  let skipped = 0;
  let end = 0n;
  let last: bigint | undefined;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line === '') continue;
    // A line without a time (a stack trace, a banner) belongs to the moment of the line before it.
    const at = timeOf(line) ?? last;
    if (at === undefined) {
      skipped++;
      continue;
    }
    last = at;
    if (at > end) end = at;
    logs.push({
      kind: 'log',
      at,
      service,
      instance: basename(path),
      severity: severityOf(line),
      body: line,
      traceId: '',
      spanId: '',
      attributes: { 'log.file.name': basename(path) },
    });
  }
  return { logs, end, skipped };
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory)
    .sort()
    .flatMap((name) => {
      const path = join(directory, name);
      if (statSync(path).isDirectory()) return filesBelow(path);
      return /LICEN[CS]E|README|\.(md|csv|yaml|yml)$/.test(name) ? [] : [path];
    });
}

function serviceOfFile(path: string): string {
  return /[a-z]+/.exec(basename(path).toLowerCase())?.[0] ?? 'logs';
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Unix nanoseconds of the formats that the files have; undefined when a line carries none. */
export function timeOf(line: string): bigint | undefined {
  const iso = /(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)[.,](\d{3})(?:[+-]\d{4}|Z)?/.exec(line.slice(0, 40));
  if (iso) return millis(Date.parse(`${iso[1] ?? ''}T${iso[2] ?? ''}.${iso[3] ?? ''}Z`));
  const apache = /\[(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})\]/.exec(line);
  if (apache)
    return millis(
      Date.parse(
        `${apache[1] ?? ''} ${apache[2] ?? ''} ${apache[3] ?? ''} ${apache[4] ?? ''} ${apache[5] ?? ''}`,
      ),
    );
  const json = /"timestamp":(\d{13})\b/.exec(line);
  if (json) return millis(Number(json[1]));
  // Syslog has no year: any year keeps the distances, since replayed times are shifted to now.
  const syslog = /^([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)/.exec(line);
  if (syslog) {
    const [, month, day, hour, minute, second] = syslog;
    return millis(
      Date.UTC(2015, months.indexOf(month ?? ''), Number(day), Number(hour), Number(minute), Number(second)),
    );
  }
  return undefined;
}

function millis(value: number): bigint | undefined {
  return Number.isFinite(value) ? BigInt(value) * 1_000_000n : undefined;
}

function severityOf(line: string): string {
  const word = /\b(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\b/.exec(line.slice(0, 80))?.[1];
  if (word !== undefined) return word;
  const status = /" ([1-5])\d\d [\d-]+ "/.exec(line)?.[1];
  return status === '5' ? 'ERROR' : status === '4' ? 'WARN' : status === undefined ? '' : 'INFO';
}
