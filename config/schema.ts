import { z } from 'zod';
import { duration, size } from './units.js';
import { Secret } from '../src/lib/secret.js';

const secret = z.string().transform((value) => new Secret(value));

/**
 * Every option of lemni.yaml with its default. config/lemni.yaml documents each with its reason; a test
 * holds the two against each other. Unknown keys are errors.
 */
export const ConfigSchema = z.strictObject({
  /** `127.0.0.1` answers this machine only; another address needs keys (`lemni keys create`). */
  host: z.string().default('127.0.0.1'),
  port: z.coerce.number().int().min(0).max(65_535).default(4318),
  grpcPort: z.coerce.number().int().min(0).max(65_535).default(4317),
  /** How people reach it, for links in messages; empty: http://HOST:PORT. */
  publicUrl: z.union([z.url(), z.literal('')]).default(''),
  /** Proxies whose X-Forwarded-For is believed. */
  trustedProxies: z.array(z.string()).default([]),
  dataDir: z.string().default('./data'),
  log: z
    .strictObject({ level: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info') })
    .prefault({}),
  clickhouse: z
    .strictObject({
      /** Empty: the embedded engine in dataDir. */
      url: z.string().default(''),
      database: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
        .default('lemni'),
      user: z.string().default('default'),
      password: secret.prefault(''),
      /** Name of the cluster for replicated and distributed tables; empty: plain tables. */
      cluster: z
        .string()
        .regex(/^[A-Za-z0-9_]*$/)
        .default(''),
      /** Connections for reading; writing has its own. */
      readers: z.coerce.number().int().min(1).max(12).default(6),
    })
    .prefault({}),
  postgres: z.strictObject({ /** Empty: SQLite in dataDir. */ url: secret.prefault('') }).prefault({}),
  reads: z
    .strictObject({
      timeout: duration.prefault('20s'),
      maxMemory: size.prefault('1GiB'),
      maxRows: z.coerce.number().int().min(1).default(100_000),
    })
    .prefault({}),
  ingest: z
    .strictObject({
      /** Bytes of a body as it arrives, and after decompression (OTLP recommends 64 MiB). */
      maxBody: size.prefault('64MiB'),
      maxDecompressedBody: size.prefault('64MiB'),
      maxAttributes: z.coerce.number().int().min(1).default(1000),
      maxAttributeBytes: size.prefault('64KiB'),
      maxBodyBytes: size.prefault('256KiB'),
      /** Records from further ahead than this are kept with the time of arrival and counted. */
      maxFuture: duration.prefault('1h'),
      /** Origins that a browser may send telemetry and feedback from; `*` for any. */
      allowedOrigins: z.array(z.string()).default([]),
      /** Bodies being decoded or waiting for the disk at once; more are answered with 503. */
      maxInFlightBytes: size.prefault('256MiB'),
    })
    .prefault({}),
  writer: z
    .strictObject({
      /** A segment is closed when it is this old or this large. */
      maxDelay: duration.prefault('100ms'),
      maxSegmentBytes: size.prefault('16MiB'),
      /** Bytes of segments that may wait on disk (a database away for hours); then 503. */
      maxSpoolBytes: size.prefault('10GiB'),
      /** Free space that is left alone on the disk. */
      minFreeBytes: size.prefault('512MiB'),
    })
    .prefault({}),
  retention: z
    .strictObject({
      logs: duration.prefault('30d'),
      traces: duration.prefault('15d'),
      metrics: duration.prefault('90d'),
      errors: duration.prefault('90d'),
      changes: duration.prefault('730d'),
      feedback: duration.prefault('730d'),
      rollups: duration.prefault('400d'),
    })
    .prefault({}),
  scrub: z
    .strictObject({
      secrets: z.boolean().default(true),
      queryStrings: z.boolean().default(true),
      emails: z.boolean().default(false),
      cardNumbers: z.boolean().default(true),
      /** Attribute keys whose value is always replaced, besides the built-in ones. */
      keys: z.array(z.string()).default([]),
    })
    .prefault({}),
  feedback: z
    .strictObject({
      maxScreenshotBytes: size.prefault('2MiB'),
      /** Posts from one address in a minute. */
      perMinute: z.coerce.number().int().min(1).default(60),
    })
    .prefault({}),
  hooks: z
    .strictObject({
      github: z
        .strictObject({
          secret: secret.prefault(''),
          /** `repository/name: service`; without one the repository's own name is the service. */
          services: z.record(z.string(), z.string()).default({}),
        })
        .prefault({}),
    })
    .prefault({}),
  alerts: z
    .strictObject({
      rules: z.array(z.string()).default(['config/rules/*.yaml']),
      interval: duration.prefault('15s'),
      webhooks: z
        .array(
          z.strictObject({
            name: z.string().min(1),
            url: z.url(),
            /** `whsec_...` (Standard Webhooks). */
            secret: secret.prefault(''),
            sendResolved: z.boolean().default(true),
          }),
        )
        .default([]),
      slack: z
        .array(
          z.strictObject({
            name: z.string().min(1),
            /** Of an incoming webhook: whoever knows it can post. */
            url: secret,
            sendResolved: z.boolean().default(true),
            channel: z.string().min(1).optional(),
          }),
        )
        .default([]),
      /** Networks that notifications may reach although they are private, e.g. `10.1.0.0/16`. */
      allowPrivateNetworks: z.array(z.string()).default([]),
    })
    .prefault({}),
  releases: z
    .strictObject({
      /** How long a version runs before it is judged. */
      bakeTime: duration.prefault('30m'),
      /** Requests that each side of a comparison needs before anything is said. */
      minRequests: z.coerce.number().int().min(1).default(100),
      /** After a verdict: what arrives late within this time may still change it, once. */
      grace: duration.prefault('10m'),
    })
    .prefault({}),
  trackers: z
    .strictObject({
      github: z
        .strictObject({
          /** `owner/name`; empty: no tickets are opened. */
          repository: z
            .union([z.string().regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/), z.literal('')])
            .default(''),
          token: secret.prefault(''),
          apiUrl: z.url({ protocol: /^https?$/ }).default('https://api.github.com'),
          labels: z.array(z.string().min(1).max(50)).max(20).default([]),
        })
        .prefault({}),
      allowPrivateNetworks: z.array(z.string()).default([]),
    })
    .prefault({}),
  sessions: z.strictObject({ lifetime: duration.prefault('14d') }).prefault({}),
  self: z
    .strictObject({
      /** Lemni's own traces: off, self (into this installation), or an OTLP/HTTP URL. */
      traces: z.union([z.enum(['off', 'self']), z.url()]).default('off'),
    })
    .prefault({}),
});

export type Config = z.output<typeof ConfigSchema>;
export type ConfigInput = z.input<typeof ConfigSchema>;
