import { BadInput, messageOf } from '../../../src/lib/errors.js';
import type { Labels } from '../../../src/model/alerts.js';
import { humanize, humanizeDuration, humanizePercentage } from './humanize.js';

/** What a template may look at. */
export interface TemplateData {
  readonly labels: Labels;
  readonly value: number;
}

/** A label's or annotation's text with `{{ $labels.service }}`, `{{ $value | humanizePercentage }}`. */
export interface Template {
  readonly source: string;
  /** Never throws: a mistake becomes text, since the alert matters more than its words. */
  expand(data: TemplateData): string;
}

type Value = string | number;
type Step = (input: Value | undefined, data: TemplateData) => Value;
type Part = string | readonly Step[];

const maxExpandedChars = 4096;

const functions: Readonly<Record<string, (value: Value) => Value>> = {
  humanize: (value) => humanize(asNumber(value)),
  humanizePercentage: (value) => humanizePercentage(asNumber(value)),
  humanizeDuration: (value) => humanizeDuration(asNumber(value)),
  toUpper: (value) => String(value).toUpperCase(),
  toLower: (value) => String(value).toLowerCase(),
};

/**
 * Compiles a template once, at load. The language is the small part of Prometheus' (Go text/template) that rule
 * files use most: text, `$labels.NAME`, `$value`, one function, and pipes of functions. Throws `BadInput`.
 */
export function compileTemplate(source: string): Template {
  const parts = split(source);
  return {
    source,
    expand(data) {
      try {
        return parts
          .map((part) => (typeof part === 'string' ? part : String(run(part, data))))
          .join('')
          .slice(0, maxExpandedChars);
      } catch (error) {
        return `<error expanding template: ${messageOf(error)}>`;
      }
    },
  };
}

function run(steps: readonly Step[], data: TemplateData): Value {
  let value: Value | undefined;
  for (const step of steps) value = step(value, data);
  return value ?? '';
}

function split(source: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (;;) {
    const open = source.indexOf('{{', from);
    if (open === -1) break;
    const close = source.indexOf('}}', open + 2);
    if (close === -1) throw wrong(source.slice(open, open + 40), 'has no closing }}');
    parts.push(source.slice(from, open), pipeline(source.slice(open + 2, close)));
    from = close + 2;
  }
  parts.push(source.slice(from));
  return parts;
}

function pipeline(text: string): Step[] {
  const steps = text.split('|').map((command, i) => commandStep(command.trim(), i > 0));
  return steps;
}

function commandStep(command: string, piped: boolean): Step {
  const [first = '', ...rest] = command.split(/\s+/);
  if (rest.length === 0) {
    if (!piped) return operand(first);
    return call(first, (input) => input ?? '');
  }
  const [argument = '', ...more] = rest;
  if (more.length > 0 || piped) throw wrong(command, 'takes one value');
  return call(first, operand(argument));
}

function call(name: string, argument: Step): Step {
  const fn = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (fn === undefined) throw wrong(name, `is not one of ${Object.keys(functions).join(', ')}`);
  return (input, data) => fn(argument(input, data));
}

function operand(text: string): Step {
  if (text === '$value') return (_, { value }) => value;
  const label = /^\$labels\.([A-Za-z_][A-Za-z0-9_]*)$/.exec(text)?.[1];
  // A label that is not there is empty, as in Prometheus.
  if (label !== undefined)
    return (_, { labels }) => (Object.hasOwn(labels, label) ? (labels[label] ?? '') : '');
  throw wrong(text, 'is neither $value nor $labels.NAME');
}

function wrong(text: string, why: string): BadInput {
  return new BadInput('bad_request', `template: "${text}" ${why}`);
}

function asNumber(value: Value): number {
  if (typeof value === 'number') return value;
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (Number.isNaN(number) && value !== 'NaN')
    throw new BadInput('bad_request', `"${value}" is not a number`);
  return number;
}
