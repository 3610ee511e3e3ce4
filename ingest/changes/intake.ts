import type { Change, Recorded } from '../../src/model/changes.js';
import type { TelemetrySink } from '../sink.js';
import { encodeChanges } from './encode.js';
import type { ChangeMetrics } from './metrics.js';
import type { ChangeIntake, ChangeLedger } from './ports.js';

export interface ChangeIntakeDeps {
  readonly sink: TelemetrySink;
  readonly ledger: ChangeLedger;
  readonly metrics: ChangeMetrics;
}

/**
 * Telemetry first, state second: state decides what is a repetition, so a crash between the two leaves a
 * change that the sender's retry completes (the row in telemetry is replaced by the one with its id).
 */
export function createChangeIntake(deps: ChangeIntakeDeps): ChangeIntake {
  return {
    async take(change: Change): Promise<Recorded> {
      const recognition = await deps.ledger.recognize(change);
      if (recognition.kind === 'duplicate') {
        deps.metrics.accepted(change.source, true);
        return recognition.recorded;
      }
      await deps.sink.store([encodeChanges([recognition.change])]);
      const recorded = await deps.ledger.record(recognition.change);
      deps.metrics.accepted(change.source, recorded.duplicate);
      return recorded;
    },
  };
}
