import type { TelemetryReader } from '../../store/telemetry/database.js';
import { createErrorRatios, type ErrorRatios } from './error-ratios.js';
import { feedbackCounts, type FeedbackCountQuestion, type FeedbackCountRow } from './feedback-counts.js';
import { createLastSeen, type LastSeen } from './last-seen.js';
import { latencies, type LatencyQuestion, type LatencyRow } from './latencies.js';
import { createLogCounts, firstLog, type LogCountQuestion, type LogCounts } from './log-counts.js';

/** What rules ask of telemetry (RuleData in alerts/ports.ts). */
export interface RuleQuestions extends ErrorRatios {
  latencies(question: LatencyQuestion): Promise<LatencyRow[]>;
  logCounts(question: LogCountQuestion): Promise<LogCounts>;
  firstLog(question: { readonly windowMs: number; readonly at: number }): Promise<number | undefined>;
  feedbackCounts(question: FeedbackCountQuestion): Promise<FeedbackCountRow[]>;
  lastSeen: LastSeen;
}

export function createRuleData(reader: TelemetryReader): RuleQuestions {
  return {
    ...createErrorRatios(reader),
    latencies: (question) => latencies(reader, question),
    logCounts: createLogCounts(reader),
    firstLog: (question) => firstLog(reader, question),
    feedbackCounts: (question) => feedbackCounts(reader, question),
    lastSeen: createLastSeen(reader),
  };
}
