import { describe, expect, it } from 'vitest';
import type { ServiceRow } from '../../../../src/http/contract/telemetry.js';
import { orderServices } from './service-order.js';
import { sparkMarks } from './spark-marks.js';

const row = (service: string, rest: Partial<ServiceRow> = {}): ServiceRow => ({
  ...{ service, environment: '', version: '', versionSince: null, requests: 100, errors: 0, p95: 10 },
  ...{ logErrors: 0, requestPoints: [], errorPoints: [], p95Points: [], openIncidents: 0 },
  ...rest,
});
const names = (rows: ServiceRow[]) => rows.map(({ service }) => service).join(' ');

describe('orderServices', () => {
  const rows = [
    row('calm', { requests: 900, p95: 5 }),
    row('failing', { errors: 30, p95: 50 }),
    row('incident', { openIncidents: 1 }),
    row('silent', { requests: 0, p95: null }),
  ];

  it('puts trouble first: incidents, then failures, then traffic', () => {
    expect(names(orderServices(rows, { by: 'trouble', descending: true }))).toBe(
      'incident failing calm silent',
    );
  });

  it.each([
    ['service', false, 'calm failing incident silent'],
    ['service', true, 'silent incident failing calm'],
    ['requests', true, 'calm failing incident silent'],
    ['p95', true, 'failing incident calm silent'],
    ['p95', false, 'calm incident failing silent'],
    ['errors', true, 'failing calm incident silent'],
  ] as const)('by %s, descending %s', (by, descending, expected) => {
    expect(names(orderServices(rows, { by, descending }))).toBe(expected);
  });

  it('changes nothing in place', () => {
    const before = [...rows];
    orderServices(rows, { by: 'p95', descending: true });
    expect(rows).toEqual(before);
  });
});

describe('sparkMarks', () => {
  it('places the deploys of the service in the frame, and no others', () => {
    const mark = (service: string, at: number) => ({
      id: `${at}`,
      at,
      service,
      version: '1',
      releaseId: null,
    });
    const marks = [mark('a', 150), mark('b', 150), mark('a', 99), mark('a', 201)];
    expect(sparkMarks(marks, 'a', { from: 100, to: 200 })).toEqual([{ at: 0.5, label: '1' }]);
    expect(sparkMarks(marks, 'a', { from: 100, to: 100 })).toEqual([]);
  });
});
