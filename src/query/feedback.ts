import type { Position } from '../lib/cursor.js';
import type { Feedback } from '../model/feedback.js';
import type { TelemetryReader } from '../store/telemetry/database.js';

export interface FeedbackFilter {
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
  readonly version?: string | undefined;
  /** Inclusive. */
  readonly ratings?: { readonly min: number; readonly max: number } | undefined;
  /** Part of the page's address. */
  readonly page?: string | undefined;
  /** All of them in the message, in any case. */
  readonly words?: readonly string[] | undefined;
  /** Only these. */
  readonly ids?: readonly string[] | undefined;
  /** Unix milliseconds, inclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly before?: Position | undefined;
  readonly limit: number;
}

const columns = `Id AS id, toUnixTimestamp64Milli(At) AS at, ServiceName AS service, Environment AS environment,
  ServiceVersion AS version, Rating AS rating, Message AS message, Email AS email, Page AS page,
  SessionId AS sessionId, TraceId AS traceId, UserId AS userId, UserAgent AS userAgent,
  ScreenshotId AS screenshotId, Attributes AS attributes, toUnixTimestamp64Milli(ReceivedAt) AS receivedAt`;

type Raw = Omit<Feedback, 'rating'> & { readonly rating: number };

/** Newest first. FINAL: the sink may bring a row twice, and a repeated post replaces itself. */
export async function listFeedback(reader: TelemetryReader, filter: FeedbackFilter): Promise<Feedback[]> {
  const words = filter.words ?? [];
  const wanted: readonly (string | false)[] = [
    filter.service !== undefined && 'ServiceName = {service:String}',
    filter.environment !== undefined && 'Environment = {environment:String}',
    filter.version !== undefined && 'ServiceVersion = {version:String}',
    filter.ratings !== undefined && 'Rating BETWEEN {ratingMin:UInt8} AND {ratingMax:UInt8}',
    filter.page !== undefined && 'positionCaseInsensitiveUTF8(Page, {page:String}) > 0',
    ...words.map((_word, index) => `positionCaseInsensitiveUTF8(Message, {word${index}:String}) > 0`),
    filter.ids !== undefined && 'Id IN {ids:Array(String)}',
    filter.from !== undefined && 'At >= fromUnixTimestamp64Milli({from:Int64})',
    filter.to !== undefined && 'At <= fromUnixTimestamp64Milli({to:Int64})',
    filter.before !== undefined &&
      '(At < fromUnixTimestamp64Milli({beforeAt:Int64}) OR At = fromUnixTimestamp64Milli({beforeAt:Int64}) AND Id < {beforeId:String})',
  ];
  const conditions = wanted.filter((condition) => condition !== false);
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const rows = await reader.rows<Raw>(
    `SELECT ${columns} FROM feedback FINAL ${where} ORDER BY feedback.At DESC, feedback.Id DESC LIMIT {limit:UInt32}`,
    paramsOf(filter, words),
  );
  return rows.map(toFeedback);
}

export async function findFeedback(reader: TelemetryReader, id: string): Promise<Feedback | undefined> {
  const [row] = await reader.rows<Raw>(
    `SELECT ${columns} FROM feedback FINAL WHERE Id = {id:String} LIMIT 1`,
    { id },
  );
  return row && toFeedback(row);
}

function paramsOf(filter: FeedbackFilter, words: readonly string[]): Record<string, unknown> {
  const { ratings, before, words: _words, ...same } = filter;
  const params = {
    ...same,
    ratingMin: ratings?.min,
    ratingMax: ratings?.max,
    beforeAt: before?.at,
    beforeId: before?.id,
    ...Object.fromEntries(words.map((word, index) => [`word${index}`, word])),
  };
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
}

function toFeedback(row: Raw): Feedback {
  return { ...row, rating: row.rating === 0 ? null : row.rating };
}
