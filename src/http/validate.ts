import type { z } from 'zod';
import { BadInput } from '../lib/errors.js';

/** The parsed value, or a `BadInput` that names the first mistake and its path. */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const at = issue?.path.map(String).join('.') ?? '';
  throw new BadInput(
    'bad_request',
    `${at === '' ? 'The request' : `"${at}"`} is not right: ${issue?.message ?? 'unknown'}.`,
    {
      at,
    },
  );
}
