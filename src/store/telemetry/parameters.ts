import { Bug } from '../../lib/errors.js';

/**
 * `SET param_name = '...'` for each parameter of `{name:Type}`. For the embedded engine only: its own way of
 * binding keeps parameters for the whole process, so that its library lets only one such query run at a time,
 * whatever the number of connections. Parameters that were SET belong to their connection.
 */
export function setParameters(params: Readonly<Record<string, unknown>>): string {
  let statements = '';
  for (const [name, value] of Object.entries(params)) {
    if (!/^\w+$/.test(name)) throw new Bug(`Not a parameter's name: ${name}`);
    statements += `SET param_${name} = ${literal(textOf(value, false))}; `;
  }
  return statements;
}

/** A SQL string literal: these two characters are all that could end it or change its meaning. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** The value as the engine reads parameters: escaped as in TSV, strings inside of arrays in quotes. */
function textOf(value: unknown, inside: boolean): string {
  if (value === null || value === undefined) return inside ? 'NULL' : '\\N';
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'string') return inside ? `'${escape(value)}'` : escape(value);
  if (Array.isArray(value)) return `[${value.map((item) => textOf(item, true)).join(',')}]`;
  throw new Bug(`A parameter cannot be ${typeof value}`);
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? '+inf' : '-inf';
  return String(value);
}

const escapes: Readonly<Record<string, string>> = {
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\0': '\\0',
  "'": "\\'",
  '\\': '\\\\',
};

function escape(text: string): string {
  return text.replace(/[\t\n\r\0'\\]/g, (character) => escapes[character] ?? character);
}
