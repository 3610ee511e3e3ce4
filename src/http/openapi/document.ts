import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';
import * as accountSchemas from '../contract/accounts.js';
import * as changeSchemas from '../contract/changes.js';
import * as commonSchemas from '../contract/common.js';
import * as feedbackSchemas from '../contract/feedback.js';
import * as incidentSchemas from '../contract/incidents.js';
import * as problemSchemas from '../contract/problems.js';
import * as telemetrySchemas from '../contract/telemetry.js';
import { accountDocs } from './accounts.js';
import { changeDocs } from './changes.js';
import { feedbackDocs } from './feedback.js';
import { incidentDocs } from './incidents.js';
import { problemDocs } from './problems.js';
import type { Door, RouteDoc } from './route.js';
import { telemetryDocs } from './telemetry.js';

const sections: Readonly<Record<string, readonly RouteDoc[]>> = {
  Telemetry: telemetryDocs,
  Changes: changeDocs,
  Feedback: feedbackDocs,
  Incidents: incidentDocs,
  Problems: problemDocs,
  Accounts: accountDocs,
};

export const routeDocs: readonly RouteDoc[] = Object.values(sections).flat();

/** The description of the REST API (OpenAPI 3.1.0), made from the same schemas that check requests. */
export function openApiDocument(version: string): ReturnType<typeof createDocument> {
  const description: ZodOpenApiObject = {
    openapi: '3.1.0',
    info: {
      title: 'Lemni',
      version,
      description:
        'JSON in camelCase, times in RFC 3339. Lists take `from`, `to`, `query`, `limit`, `cursor` and answer `{items, nextCursor}`. Errors are problem details (RFC 9457) with a message for a person.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: Object.keys(sections).map((name) => ({ name })),
    paths: pathsOf(),
    components: {
      schemas: namedSchemas(),
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'A key of `lemni keys create`.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'lemni_session',
          description: '`__Host-lemni_session` over HTTPS. Methods that write need `X-CSRF-Token` too.',
        },
      },
    },
  };
  return createDocument(description, {
    // An answer may grow by a member in a later version: only what is sent in is closed.
    override: ({ jsonSchema, io }) => {
      if (io === 'output' && jsonSchema.additionalProperties === false)
        delete jsonSchema.additionalProperties;
    },
  });
}

function pathsOf(): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const [tag, docs] of Object.entries(sections)) {
    for (const doc of docs) paths[doc.path] = { ...paths[doc.path], [doc.method]: operationOf(doc, tag) };
  }
  return paths;
}

function operationOf(doc: RouteDoc, tag: string): ZodOpenApiOperationObject {
  const names = [...doc.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const path = z.object(Object.fromEntries(names.map((name) => [name, z.string()])));
  return {
    operationId: operationId(doc),
    tags: [tag],
    summary: doc.summary,
    description: [doc.description, whoMay(doc.door)].filter(Boolean).join(' '),
    security: securityOf(doc.door),
    requestParams: { ...(names.length > 0 ? { path } : {}), ...(doc.query ? { query: doc.query } : {}) },
    ...(doc.body ? { requestBody: { required: true, content: jsonOf(doc.body) } } : {}),
    responses: { ...answersOf(doc), default: problem },
  };
}

/** `getIncidentsId`: stable, for generated clients. */
function operationId({ method, path }: RouteDoc): string {
  const words = path
    .replace('/api/', '')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean);
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function answersOf(doc: RouteDoc): ZodOpenApiOperationObject['responses'] {
  const entries = Object.entries(doc.answers).map(([status, schema]) => {
    const description = STATUS_CODES[status] ?? status;
    if (schema === null) return [status, { description }];
    const content = doc.mediaType === undefined ? jsonOf(schema) : { [doc.mediaType]: { schema } };
    return [status, { description, content }];
  });
  return Object.fromEntries(entries) as ZodOpenApiOperationObject['responses']; // As above.
}

const problem = {
  description: 'What was wrong, where, and what to do.',
  content: { 'application/problem+json': { schema: commonSchemas.Problem } },
};

function jsonOf(schema: z.ZodType): { 'application/json': { schema: z.ZodType } } {
  return { 'application/json': { schema } };
}

function whoMay(door: Door): string {
  switch (door.kind) {
    case 'open':
      return 'Open to all.';
    case 'person':
      return 'Needs a login.';
    case 'role':
      return `Needs a login or an \`api\` key, with the role ${door.role}.`;
    case 'key':
      return `Needs a key of scope ${door.scopes.join(' or ')}; none from this machine while Lemni listens on loopback.`;
  }
}

function securityOf(door: Door): Record<string, string[]>[] {
  switch (door.kind) {
    case 'open':
      return [];
    case 'person':
      return [{ session: [] }];
    case 'role':
      return [{ session: [] }, { key: [] }];
    case 'key':
      return [{ key: [] }, {}];
  }
}

/** Every schema that the contract exports gets its name, so that the document refers instead of repeating. */
function namedSchemas(): Record<string, z.ZodType> {
  const all: Record<string, unknown> = {
    ...commonSchemas,
    ...accountSchemas,
    ...changeSchemas,
    ...feedbackSchemas,
    ...incidentSchemas,
    ...problemSchemas,
    ...telemetrySchemas,
  };
  const named = Object.entries(all).filter((entry): entry is [string, z.ZodType] => {
    return entry[1] instanceof z.ZodType && !entry[0].endsWith('Query') && !inlined.has(entry[0]);
  });
  return Object.fromEntries(named);
}

/** Parts that say more where they stand. */
const inlined = new Set(['Time', 'TimeRange', 'Page', 'Environment', 'Password', 'Attributes']);
