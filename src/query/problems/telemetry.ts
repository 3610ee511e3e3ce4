import type { TelemetryReader } from '../../store/telemetry/database.js';
import { errorGroups } from '../errors/groups.js';
import { errorsAroundFeedback, errorSigns, patternFacts, patternSigns } from './evidence.js';
import { impactCounts } from './impact.js';
import { feedbackByIds } from './people.js';
import { shares } from './shares.js';
import { trendOf } from './trend.js';

/** Everything that problems ask of telemetry, over one reader. */
export function problemTelemetry(reader: TelemetryReader) {
  return {
    errorGroups: (request: Parameters<typeof errorGroups>[1]) => errorGroups(reader, request),
    errorSigns: (question: Parameters<typeof errorSigns>[1]) => errorSigns(reader, question),
    errorsAroundFeedback: (asked: Parameters<typeof errorsAroundFeedback>[1]) =>
      errorsAroundFeedback(reader, asked),
    patternSigns: (question: Parameters<typeof patternSigns>[1]) => patternSigns(reader, question),
    patternFacts: (asked: Parameters<typeof patternFacts>[1]) => patternFacts(reader, asked),
    feedbackByIds: (ids: readonly string[]) => feedbackByIds(reader, ids),
    impactCounts: (questions: Parameters<typeof impactCounts>[1]) => impactCounts(reader, questions),
    trendOf: (question: Parameters<typeof trendOf>[1]) => trendOf(reader, question),
    shares: (asked: Parameters<typeof shares>[1]) => shares(reader, asked),
  };
}

export type ProblemTelemetry = ReturnType<typeof problemTelemetry>;
