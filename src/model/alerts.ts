/** Label names and values; a label with an empty value is the same as none (Prometheus). */
export type Labels = Readonly<Record<string, string>>;

export const severities = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** Where an alert stands. An alert that is not there is inactive. */
export type AlertLifeState = 'pending' | 'firing' | 'resolved';

/** The part of an alert that the state machine decides. Times are Unix milliseconds. */
export interface AlertLife {
  readonly state: AlertLifeState;
  /** When the condition began to hold. */
  readonly activeAt: number;
  readonly firedAt: number | null;
  readonly resolvedAt: number | null;
  /** Since when a firing alert is held although its condition no longer holds (`keepFiringFor`). */
  readonly keepFiringSince: number | null;
}

/**
 * One episode of an alert: from the moment its condition holds until it is resolved. When the same labels
 * breach again later, that is a new episode with a new id and the same fingerprint.
 */
export interface Alert extends AlertLife {
  readonly id: string;
  readonly ruleId: string;
  readonly rule: string;
  readonly group: string;
  /** 16 hex digits over the labels, as in Alertmanager. */
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly value: number | null;
  /** What is wrong, in a few words: `checkout: requests fail`. */
  readonly title: string;
  /** The same with its numbers: `checkout: 7.2 % of requests fail (312 of 4,330 in 5 min)`. */
  readonly sentence: string;
  /** Why it is in this state. */
  readonly reason: string;
  /** The numbers behind the sentence, for evidence. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly incidentId: string | null;
  /** When this was last written. */
  readonly savedAt: number;
}

/** The severity a label names; anything else counts as a warning. */
export function severityOf(labels: Labels): Severity {
  return severities.find((severity) => severity === labels['severity']) ?? 'warning';
}

/** Whether the first is graver than the second. */
export function graver(one: Severity, other: Severity): boolean {
  return severities.indexOf(one) > severities.indexOf(other);
}
