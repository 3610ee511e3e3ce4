import type { TelemetryReader } from '../../store/telemetry/database.js';
import { commonLogs, type CommonLogRow, type CommonLogsQuestion } from './common-logs.js';
import { createErrorRatios, type ErrorRatios } from './error-ratios.js';
import { feedbackCounts, type FeedbackCountQuestion, type FeedbackCountRow } from './feedback-counts.js';
import { createLastSeen, type LastSeen } from './last-seen.js';
import { latencies, type LatencyQuestion, type LatencyRow } from './latencies.js';
import { createLogCounts, type LogCountQuestion, type LogCounts } from './log-counts.js';

/** What rules ask of telemetry (RuleData in alerts/ports.ts). */
export interface RuleQuestions extends ErrorRatios {
  latencies(question: LatencyQuestion): Promise<LatencyRow[]>;
  logCounts(question: LogCountQuestion): Promise<LogCounts>;
  commonLogs(question: CommonLogsQuestion): Promise<CommonLogRow[]>;
  feedbackCounts(question: FeedbackCountQuestion): Promise<FeedbackCountRow[]>;
  lastSeen: LastSeen;
}

export function createRuleData(reader: TelemetryReader): RuleQuestions {
  return {
    ...createErrorRatios(reader),
    latencies: (question) => latencies(reader, question),
    logCounts: createLogCounts(reader),
    commonLogs: (question) => commonLogs(reader, question),
    feedbackCounts: (question) => feedbackCounts(reader, question),
    lastSeen: createLastSeen(reader),
  };
}
