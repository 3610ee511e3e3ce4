import type { Scrubber } from '../scrub/scrubber.js';

export interface DecodeLimits {
  /** Attributes of one record, resource, scope, event or link; also events and links of one span. */
  readonly maxAttributes: number;
  /** Bytes of one attribute's value as text. */
  readonly maxAttributeBytes: number;
  /** Bytes of a log record's body as text. */
  readonly maxBodyBytes: number;
  /** Milliseconds that a record's time may lie ahead of its arrival. */
  readonly maxFutureMs: number;
  /**
   * Bytes of rows that one request may become. Every row repeats its resource, so a small request could
   * otherwise grow without bound.
   */
  readonly maxEncodedBytes: number;
}

export interface DecodeOptions {
  readonly limits: DecodeLimits;
  readonly scrubber: Scrubber;
  /** Milliseconds since the Unix epoch at which the request arrived. */
  readonly arrivalMs: number;
}

/** Levels of arrays and maps inside an attribute's value; what lies deeper is replaced by a note. */
export const maxValueDepth = 32;
