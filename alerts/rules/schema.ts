import { z } from 'zod';
import { duration } from '../../config/units.js';
import { severities } from '../../src/model/alerts.js';
import { messageOf } from '../../src/lib/errors.js';
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
