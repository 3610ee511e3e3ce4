import type { ServiceCall } from '../../src/model/suspects.js';

/** What telemetry knows around an incident: `createSuspectData(reader)`. */
export type { SuspectData } from '../../src/query/suspects/suspect-data.js';

/** Who called whom in a time: `createServiceGraph(reader)`. Unix ms. */
export interface ServiceGraph {
  calls(range: { readonly fromMs: number; readonly toMs: number }): Promise<readonly ServiceCall[]>;
}

/** Tells every browser how incidents look now. Never throws. */
export type AnnounceIncidents = (incidentIds: readonly string[]) => Promise<void>;
