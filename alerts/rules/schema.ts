import { z } from 'zod';
import { duration } from '../../config/units.js';
import { severities } from '../../src/model/alerts.js';
import { BadInput, messageOf } from '../../src/lib/errors.js';
import { searchOf } from '../../src/query/search/search.js';
import { logs } from '../../src/query/search/target.js';
import { SqlParams } from '../../src/query/sql.js';
import { compileTemplate } from './template/compile.js';

const maxDurationMs = 30 * 86_400_000;

// A bare number gets the same answer as any other text that is no duration.
const durationText = z.union([z.string(), z.number()]).transform(String).pipe(duration);

export const ruleDuration = durationText.refine((ms) => ms <= maxDurationMs, {
  message: 'is longer than 30d, the longest that makes sense here',
});

export const windowDuration = ruleDuration.refine((ms) => ms >= 1000, {
  message: 'is shorter than 1s, the shortest window',
});

/** A name or a glob over it. */
export const nameGlob = z.string().min(1).max(200);

/** `0.05` or `5%`. */
export const ratio = z.union([z.number(), z.string()]).transform((input, context) => {
  const match = typeof input === 'string' ? /^(\d+(?:\.\d+)?) ?%$/.exec(input.trim()) : null;
  const value = typeof input === 'number' ? input : match ? Number(match[1]) / 100 : Number.NaN;
  if (value >= 0 && value < 1) return value;
  context.issues.push({
    code: 'custom',
    input,
    message: `"${String(input)}" is not a share from 0 to below 1; write for example 0.05 or 5%`,
  });
  return z.NEVER;
});

/** `0.95`, `95%` or `p95`. */
export const quantile = z.union([z.number(), z.string()]).transform((input, context) => {
  const match =
    typeof input === 'string' ? /^(?:p(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?) ?%)$/i.exec(input.trim()) : null;
  const percent = match ? Number(match[1] ?? match[2]) : Number.NaN;
  // Of 99.9 the hundredths would be noise: no more than six digits.
  const value = Number((typeof input === 'number' ? input : percent / 100).toFixed(6));
  if (value >= 0.5 && value <= 0.99) return value;
  context.issues.push({
    code: 'custom',
    input,
    message: `"${String(input)}" is not a quantile from 0.5 to 0.99; write for example 0.95 or p95`,
  });
  return z.NEVER;
});

/** A whole number, from 0. */
export const wholeCount = z.number().int().min(0).max(1_000_000_000);

/** A whole number is a count; `0.3` and `30%` are shares. */
export const countOrRatio = z.union([z.number(), z.string()]).transform((input, context) => {
  const isShare = typeof input === 'string' ? input.includes('%') : !Number.isInteger(input);
  const parsed = isShare ? ratio.safeParse(input) : wholeCount.safeParse(input);
  if (parsed.success) return { value: parsed.data, unit: isShare ? ('1' as const) : ('count' as const) };
  context.issues.push({
    code: 'custom',
    input,
    message: `"${String(input)}" is neither a count such as 5 nor a share such as 50%`,
  });
  return z.NEVER;
});

/** In the language of the log search, checked as far as it can be without asking the database. */
export const searchText = z
  .string()
  .min(1)
  .transform((text, context) => {
    try {
      searchOf(text).condition(logs, new SqlParams());
      return text;
    } catch (error) {
      const at =
        error instanceof BadInput && error.at !== undefined ? ` (at ${placeIn(text, error.at)})` : '';
      context.issues.push({ code: 'custom', input: text, message: `${messageOf(error)}${at}` });
      return z.NEVER;
    }
  });

/** `character 7: "level>"`. */
function placeIn(text: string, at: string): string {
  const column = Number(at);
  const rest = text.slice(column, column + 20);
  return rest === '' ? 'its end' : `character ${column + 1}: ${JSON.stringify(rest)}`;
}

const labelName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not a label name: letters, digits and _ only')
  .max(100)
  .refine((name) => name !== 'alertname' && name !== 'severity', {
    message: 'is set by the rule itself: use `alert` and `severity`',
  });

const template = z
  .string()
  .max(2000)
  .transform((source, context) => {
    try {
      return compileTemplate(source);
    } catch (error) {
      context.issues.push({ code: 'custom', input: source, message: messageOf(error) });
      return z.NEVER;
    }
  });

/** What every rule has; a kind adds its own fields. */
export const commonFields = {
  /** The alert's name, e.g. `HighErrorRatio`. */
  alert: z.string().min(1).max(100),
  /** How long the condition must hold before the alert fires. */
  for: ruleDuration.prefault('0s'),
  /** How long the alert keeps firing after the condition stopped to hold. */
  keepFiringFor: ruleDuration.prefault('0s'),
  severity: z.enum(severities).default('warning'),
  labels: z.record(labelName, z.string().max(200)).default({}),
  annotations: z.record(z.string().min(1).max(100), template).default({}),
};

/** Around the rules: they are checked one by one by their kind. */
export const RuleFile = z.strictObject({
  groups: z.array(
    z.strictObject({
      /** Unique in all files. */
      name: z.string().min(1).max(100),
      /** How often the group is evaluated; the engine's own interval by default. */
      interval: windowDuration.optional(),
      rules: z.array(z.unknown()).max(2000),
    }),
  ),
});
