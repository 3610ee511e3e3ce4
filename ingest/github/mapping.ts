import { z } from 'zod';
import { BadInput } from '../../src/lib/errors.js';
import type { ToldChange } from '../changes/change.js';

/** What an event becomes: a change, or nothing and why. */
export type Mapped =
  | { readonly kind: 'change'; readonly change: ToldChange }
  | { readonly kind: 'ignored'; readonly reason: string };

export interface MappingOptions {
  /** Service of a repository, by `owner/name` in lower case: GitHub's names differ in case only by display. */
  readonly services: ReadonlyMap<string, string>;
}

export function servicesOf(configured: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(configured).map(([name, service]) => [name.toLowerCase(), service]));
}

/** As much of a payload as is read; the rest may be anything. Null where GitHub says null. */
export const Repository = z.object({
  name: z.string().min(1),
  full_name: z.string().min(1),
  html_url: z.string().optional(),
  default_branch: z.string().optional(),
  /** Seconds since 1970 in push events, RFC 3339 elsewhere. */
  pushed_at: z.union([z.number(), z.string()]).nullish(),
});
export type Repository = z.infer<typeof Repository>;

export const Account = z.object({ login: z.string() }).nullish();

/** The configured service of the repository, else the repository's own name. */
export function serviceOf(repository: Repository, options: MappingOptions): string {
  return options.services.get(repository.full_name.toLowerCase()) ?? repository.name;
}

/** Ids from GitHub's own, so that a redelivery is the same change. */
export function idOf(repository: Repository, kind: string, id: number | string): string {
  return `github:${repository.full_name}:${kind}:${id}`;
}

/** Attributes in OpenTelemetry's names (semantic conventions 1.38, vcs and cicd); empty ones are left out. */
export function attributesOf(
  repository: Repository,
  more: Readonly<Record<string, string | number | null | undefined>>,
): Record<string, string> {
  const all = {
    'vcs.repository.name': repository.full_name,
    'vcs.repository.url.full': repository.html_url,
    ...more,
  };
  const said = Object.entries(all).filter(([, value]) => value != null && value !== '');
  return Object.fromEntries(said.map(([key, value]) => [key, String(value)]));
}

/** The payload's parts, or `BadInput` that names the first that is missing. */
export function readPayload<Schema extends z.ZodType>(schema: Schema, payload: unknown): z.output<Schema> {
  const result = schema.safeParse(payload);
  if (result.success) return result.data;
  const at = result.error.issues[0]?.path.map(String).join('.') ?? '';
  throw new BadInput(
    'bad_request',
    `The delivery is not as GitHub documents it: "${at}" is missing or wrong.`,
    {
      at,
    },
  );
}
