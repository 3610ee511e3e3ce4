import type { ReadLimits } from './clickhouse-errors.js';

/** Answers are held in memory whole: this many bytes of them at most. */
const maxResultBytes = 128 * 1024 ** 2;

/**
 * A SELECT that carries its limits in its own text: settings given beside it would stay on an embedded
 * connection for ever.
 */
export function boundedSql(sql: string, limits: ReadLimits): string {
  const settings = [
    `max_execution_time = ${limits.timeoutMs / 1000}`,
    `max_memory_usage = ${limits.maxMemoryBytes}`,
    `max_result_rows = ${limits.maxRows}`,
    `max_result_bytes = ${maxResultBytes}`,
    'output_format_json_quote_64bit_integers = 0',
    // Whatever the time zone of the machine: a time without a zone is UTC.
    "session_timezone = 'UTC'",
  ];
  // The settings of a union belong to its last part, which leaves its result without a bound (26.7).
  const whole = isUnion(sql) ? `SELECT * FROM (\n${sql}\n)` : sql;
  return `${whole}\nSETTINGS ${settings.join(', ')}`;
}

/** Whether the statement's parts are joined by UNION, EXCEPT or INTERSECT outside of all brackets and quotes. */
export function isUnion(sql: string): boolean {
  let depth = 0;
  const tokens =
    /'(?:[^'\\]|\\.|'')*'|`(?:[^`\\]|\\.)*`|"(?:[^"\\]|\\.)*"|--[^\n]*|\/\*[\s\S]*?\*\/|[()]|\w+/g;
  for (const [token] of sql.matchAll(tokens)) {
    if (token === '(') depth += 1;
    else if (token === ')') depth -= 1;
    else if (depth === 0 && /^(union|except|intersect)$/i.test(token)) return true;
  }
  return false;
}
