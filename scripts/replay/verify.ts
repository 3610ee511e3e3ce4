import type { ReplayReport } from './replay.js';

export interface Found {
  readonly service: string;
  readonly logs: number;
  readonly spans: number;
  /** Logs with a trace id whose trace holds at least one span. */
  readonly joined: number;
}

export interface Verification {
  readonly equal: boolean;
  readonly differences: readonly {
    readonly service: string;
    readonly sent: string;
    readonly found: string;
  }[];
  readonly logsJoinedToTheirTrace: number;
}

/** Holds what was sent against what is found. Pure. */
export function compare(report: ReplayReport, found: readonly Found[]): Verification {
  const bySevice = new Map(found.map((row) => [row.service, row]));
  const differences = Object.entries(report.services).flatMap(([service, sent]) => {
    const { logs, spans } = bySevice.get(service) ?? { logs: 0, spans: 0 };
    if (logs === sent.logs && spans === sent.spans) return [];
    return [
      { service, sent: `${sent.logs} logs, ${sent.spans} spans`, found: `${logs} logs, ${spans} spans` },
    ];
  });
  const strangers = found
    .filter(({ service, logs, spans }) => !(service in report.services) && logs + spans > 0)
    .map(({ service, logs, spans }) => ({ service, sent: 'nothing', found: `${logs} logs, ${spans} spans` }));
  const all = [...differences, ...strangers];
  return {
    equal: all.length === 0,
    differences: all,
    logsJoinedToTheirTrace: found.reduce((sum, row) => sum + row.joined, 0),
  };
}
