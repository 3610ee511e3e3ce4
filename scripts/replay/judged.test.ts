import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/model/alerts.js';
import { readFaults } from './faults.js';
import { held } from './judged.js';

const recorded = Date.parse('2023-01-29T10:04:34Z');
const shiftMs = 1_000_000_000;
const minute = 60_000;

function alert(service: string, afterMs: number, more: Partial<Alert> = {}): Alert {
  const at = recorded + shiftMs + afterMs;
  return {
    ...{ id: `${service}${afterMs}`, ruleId: 'r', rule: 'ErrorLogs', group: 'logs', fingerprint: 'f' },
    ...{ labels: { service, severity: 'warning' }, annotations: {}, value: 12, title: '', facts: {} },
    ...{ sentence: `${service}: 12 log records`, reason: 'above 10', incidentId: null, savedAt: at },
    ...{ state: 'firing', activeAt: at, firedAt: at, resolvedAt: null, keepFiringSince: null },
    ...more,
  };
}

describe('what fired, beside the faults', () => {
  const faults = [{ at: recorded, service: 'travel', kind: 'exception' }];

  it('says when in both times, and which fault it follows', () => {
    const alerts = [
      alert('route', minute),
      alert('travel', 2 * minute, { resolvedAt: recorded + shiftMs + 9 * minute }),
      alert('food', 30 * minute),
      alert('early', -1),
      alert('pending', minute, { state: 'pending', firedAt: null }),
    ];
    const report = held({ alerts, incidents: [], faults }, shiftMs);
    expect(report.fired.map(({ service }) => service)).toEqual(['early', 'route', 'travel', 'food']);
    expect(report.fired[2]).toMatchObject({
      fired: { recorded: '2023-01-29T10:06:34.000Z', replayed: '2023-02-09T23:53:14.000Z' },
      resolved: { recorded: '2023-01-29T10:13:34.000Z' },
    });
    expect(report.faults).toMatchObject([
      {
        onItsService: true,
        alerts: [
          { service: 'travel', afterSeconds: 120 },
          { service: 'route', afterSeconds: 60 },
        ],
      },
    ]);
    expect(report.besideFaults).toBe(2);
  });

  it('says when nothing did', () => {
    const report = held({ alerts: [], incidents: [], faults }, shiftMs);
    expect(report).toMatchObject({
      fired: [],
      besideFaults: 0,
      faults: [{ onItsService: false, alerts: [] }],
    });
  });
});

describe('faults', () => {
  it('are read by their time in UTC, not by their timestamp; other data has none', () => {
    const directory = mkdtempSync(join(tmpdir(), 'lemni-faults-'));
    expect(readFaults(directory)).toEqual([]);
    const fault = {
      inject_time: '2023-01-29 10:04:34',
      inject_timestamp: '1674957874',
      inject_pod: 'ts-travel-service-64469b5b48-25zj6',
      inject_type: 'exception',
    };
    writeFileSync(join(directory, 'fault_list.json'), JSON.stringify({ 10: [fault] }));
    expect(readFaults(directory)).toEqual([
      { at: recorded, service: 'ts-travel-service', kind: 'exception' },
    ]);
    rmSync(directory, { recursive: true });
  });
});
