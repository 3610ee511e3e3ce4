import { BadInput, Bug, LemniError, messageOf, Unavailable } from '../../lib/errors.js';
import { MissingFiles } from './missing-files.js';

export interface ReadLimits {
  readonly timeoutMs: number;
  readonly maxMemoryBytes: number;
  readonly maxRows: number;
}

/** What an error of the database means for an insert. */
export type InsertFailure =
  /** The database is away or busy: the same insert later. */
  | 'unavailable'
  /** It did not fit into memory: later, and smaller. */
  | 'memory'
  /** Something in these rows can never be stored. */
  | 'poison';

/**
 * Errors that speak of the rows (ErrorCodes.cpp of ClickHouse 26.7). A closed list: for any other error the
 * segment waits, since only these prove that waiting is useless.
 */
const poisonCodes = new Set([
  6, // CANNOT_PARSE_TEXT
  25, // CANNOT_PARSE_ESCAPE_SEQUENCE
  27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  32, // ATTEMPT_TO_READ_AFTER_EOF
  33, // CANNOT_READ_ALL_DATA
  38, // CANNOT_PARSE_DATE
  41, // CANNOT_PARSE_DATETIME
  69, // ARGUMENT_OUT_OF_BOUND
  70, // CANNOT_CONVERT_TYPE
  72, // CANNOT_PARSE_NUMBER
  117, // INCORRECT_DATA
  128, // TOO_LARGE_ARRAY_SIZE
  131, // TOO_LARGE_STRING_SIZE
  190, // SIZES_OF_ARRAYS_DONT_MATCH
  321, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
  407, // DECIMAL_OVERFLOW
  469, // VIOLATED_CONSTRAINT
  691, // UNKNOWN_ELEMENT_OF_ENUM
]);

const codes = { timeout: 159, memory: 241, resultRows: 396, rowsToRead: 158, bytesToRead: 307 } as const;

/** Too many queries, no space, a replica or Keeper away, wrong password: a server's own trouble. */
const serverTrouble = new Set([
  192, 193, 194, 202, 203, 209, 210, 225, 236, 242, 243, 279, 285, 319, 341, 394, 410, 425, 439, 516, 999,
]);

/** By its shape: the twins' errors are of two classes (the client's own, and its predecessor's in chdb). */
function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error && 'type' in error && 'code' in error)) return undefined;
  return /^\d+$/.test(String(error.code)) ? Number(error.code) : undefined;
}

/** The server does not know this user with this password: waiting does not help. */
export function isLoginRefused(error: unknown): boolean {
  return [192, 193, 194, 516].includes(codeOf(error) ?? 0);
}

/** Not an answer of the database, or one about its own state. */
export function isAway(error: unknown): boolean {
  const code = codeOf(error);
  return code === undefined ? !(error instanceof LemniError) : serverTrouble.has(code);
}

/** Files of the segment are gone: what is left of it can be saved, waiting brings nothing back. */
function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return error instanceof MissingFiles || code === 'ENOENT' || codeOf(error) === 107; // FILE_DOESNT_EXIST
}

export function insertFailureOf(error: unknown): InsertFailure {
  const code = codeOf(error);
  if (isMissing(error)) return 'poison';
  if (code === undefined) return 'unavailable';
  if (code === codes.memory) return 'memory';
  return poisonCodes.has(code) ? 'poison' : 'unavailable';
}

/** An error of a read in the words of the house: what the person who searches can do about it. */
export function readError(error: unknown, limits: ReadLimits): Error {
  if (error instanceof LemniError) return error;
  switch (codeOf(error)) {
    case codes.timeout:
      return new BadInput(
        'bad_request',
        `The search took longer than ${limits.timeoutMs / 1000} s; narrow the time range or add a filter.`,
        { cause: error },
      );
    case codes.memory:
      return new BadInput(
        'bad_request',
        `The search needed more than ${megabytes(limits.maxMemoryBytes)} of memory; narrow the time range or group by fewer values.`,
        { cause: error },
      );
    case codes.resultRows:
    case codes.rowsToRead:
    case codes.bytesToRead:
      return new BadInput(
        'bad_request',
        `The search has more than ${limits.maxRows} rows; narrow the time range, or ask for fewer.`,
        { cause: error },
      );
    case 427: // CANNOT_COMPILE_REGEXP
      return new BadInput('bad_request', `The regular expression is not valid: ${regexReason(error)}.`, {
        cause: error,
      });
    case 457: // BAD_QUERY_PARAMETER
      return new BadInput('bad_request', `A value of the search does not fit: ${firstLine(error)}`, {
        cause: error,
      });
    default:
      if (isAway(error)) {
        return new Unavailable('store_unavailable', `The telemetry database is away: ${firstLine(error)}`, {
          cause: error,
        });
      }
      return new Bug(`A query of Lemni's own failed: ${firstLine(error)}`, { cause: error });
  }
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MiB`;
}

/** RE2's own words, without what ClickHouse says around them. */
function regexReason(error: unknown): string {
  return /error: (.{1,200}?)\. Look at/s.exec(messageOf(error))?.[1] ?? firstLine(error);
}

function firstLine(error: unknown): string {
  const message = messageOf(error);
  const line = message.split('\n', 1)[0] ?? '';
  // A connection to `localhost` that fails on both addresses has a code and no message.
  if (line !== '') return line.slice(0, 300);
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'no answer';
}
