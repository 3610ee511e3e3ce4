import { useMemo } from 'react';
import type { Change, Release } from '../../../src/http/contract/changes.js';
import type { List } from '../../../src/http/contract/common.js';
import type { Incident } from '../../../src/http/contract/incidents.js';
import { useApi } from '../api/use-api.js';
import type { RangeText } from '../time/range.js';
import type { IncidentSpan } from './chart-config.js';
import { deployMarks } from './deploy-marks.js';
import type { DeployMark, TimeFrame } from './flags.js';

export interface ChartEvents {
  readonly marks: readonly DeployMark[];
  readonly incidents: readonly IncidentSpan[];
}

const noItems: readonly never[] = [];

/**
 * The deploys and incidents of a time range, for every chart on a page. Charts stand without them: when they
 * cannot be loaded the data is still worth seeing.
 */
export function useChartEvents(range: RangeText, frame: TimeFrame, service?: string): ChartEvents {
  const params = { ...range, service, limit: 200 };
  const deploys = useApi<List<Change>>('/api/deploys', params).data?.items ?? noItems;
  const releases = useApi<List<Release>>('/api/releases', params).data?.items ?? noItems;
  const incidents = useApi<List<Incident>>('/api/incidents', params).data?.items ?? noItems;
  const { from, to } = frame;
  return useMemo(
    () => ({
      marks: deployMarks(deploys, releases, { from, to }),
      incidents: incidents.flatMap((incident) => spanOf(incident, { from, to })),
    }),
    [deploys, releases, incidents, from, to],
  );
}

function spanOf(incident: Incident, frame: TimeFrame): IncidentSpan[] {
  const from = Date.parse(incident.openedAt);
  const to = incident.resolvedAt === null ? null : Date.parse(incident.resolvedAt);
  if (from > frame.to || (to ?? frame.to) < frame.from) return [];
  const { id, number, title, severity } = incident;
  return [{ id, label: `#${number}`, title, from, to, severity }];
}
