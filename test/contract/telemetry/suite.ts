import { afterAll, beforeAll, describe } from 'vitest';
import { connectTelemetry, type TelemetryConnection } from '../../../src/store/telemetry/connect.js';
import { describeMigrations } from './migrations.js';
import { describeReads } from './reads.js';
import { describeRows } from './rows.js';
import type { Twin, TwinKind } from './twin.js';
import { describeWriter } from './writer.js';

/** What a part of the suite works with; made once for the whole suite (one engine a process). */
export interface Subject {
  readonly twin: Twin;
  /** A connection without a database of its own. */
  readonly connection: TelemetryConnection;
}

export type Given = () => Subject;

/** What holds for the telemetry store on both twins. */
export function describeTelemetry(kind: TwinKind): void {
  describe(`telemetry on ${kind.name}`, () => {
    let subject: Subject | undefined;
    const given: Given = () => subject!;

    beforeAll(async () => {
      const twin = await kind.open();
      const connection = await connectTelemetry(twin.target, { useDatabase: false });
      subject = { twin, connection };
    });
    afterAll(async () => {
      await subject?.connection.close();
      await subject?.twin.close();
    });

    describeMigrations(given);
    describeRows(given);
    describeReads(given);
    describeWriter(given);
  });
}
