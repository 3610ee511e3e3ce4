import { z } from 'zod';
import { Time } from './common.js';

export const evidenceKinds = [
  'time_since_deploy',
  'share_of_failures',
  'before_after',
  'service_graph',
  'first_seen',
  'feedback',
  'base_rate',
] as const;

/** One reason for or against a suspect. */
export const Evidence = z.object({
  kind: z.enum(evidenceKinds),
  /** In words and numbers. */
  text: z.string(),
  /** What it adds to the log odds; negative speaks against. */
  weight: z.number(),
  /** Path of the page that shows it, e.g. `/traces?...`; null when there is none. */
  link: z.string().nullable(),
});
export type Evidence = z.infer<typeof Evidence>;

/** A release that may have caused an incident, or "no release is to blame". */
export const Suspect = z.object({
  /** Null: no release is to blame. */
  releaseId: z.string().nullable(),
  service: z.string(),
  environment: z.string(),
  version: z.string(),
  deployedAt: Time.nullable(),
  /** 0 to 1; those of an incident add up to 1. */
  probability: z.number(),
  /** `checkout 1.4.0, deployed 4 min before`, or `No release is to blame`. */
  title: z.string(),
  evidence: z.array(Evidence),
});
export type Suspect = z.infer<typeof Suspect>;

/** `GET /api/incidents/:id/suspects`: most probable first, always with "no release". */
export const Suspects = z.object({
  incidentId: z.string(),
  judgedAt: Time.nullable(),
  items: z.array(Suspect),
});
export type Suspects = z.infer<typeof Suspects>;

/** The first of them, as lists and messages carry it. */
export const SuspectBrief = Suspect.pick({
  releaseId: true,
  service: true,
  version: true,
  deployedAt: true,
  probability: true,
  title: true,
});
export type SuspectBrief = z.infer<typeof SuspectBrief>;
