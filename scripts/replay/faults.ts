import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceOfPod } from './nezha.js';

/** A fault that was put into the recorded system on purpose. */
export interface Fault {
  /** Unix ms, as recorded. */
  readonly at: number;
  readonly service: string;
  readonly kind: string;
}

interface Listed {
  readonly inject_time: string;
  readonly inject_pod: string;
  readonly inject_type: string;
}

/** Nezha's `fault_list.json`; none for other data. `inject_time` is UTC, `inject_timestamp` eight hours early. */
export function readFaults(directory: string): Fault[] {
  const file = join(directory, 'fault_list.json');
  if (!existsSync(file)) return [];
  const hours = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, readonly Listed[]>>; // Of the data set's own form.
  return Object.values(hours)
    .flat()
    .map(({ inject_time: time, inject_pod: pod, inject_type: kind }) => ({
      at: Date.parse(`${time.replace(' ', 'T')}Z`),
      service: serviceOfPod(pod),
      kind,
    }))
    .sort((a, b) => a.at - b.at);
}
