import {
  Change,
  ChangeAccepted,
  ChangeInput,
  ChangesQuery,
  DeployAccepted,
  DeployInput,
  Release,
  ReleaseDetail,
  ReleasesQuery,
} from '../contract/changes.js';
import { listOf } from '../contract/common.js';
import { CompareQuery, Comparison } from '../contract/verdicts.js';
import { viewer, type Door, type RouteDoc } from './route.js';

const teller: Door = { kind: 'key', scopes: ['ingest', 'api'] };

export const changeDocs: readonly RouteDoc[] = [
  {
    method: 'post',
    path: '/api/deploys',
    summary: 'Tell a deploy',
    description: 'Idempotent. 202 when it is stored, 200 when it was told before.',
    door: teller,
    body: DeployInput,
    answers: { 202: DeployAccepted, 200: DeployAccepted },
  },
  {
    method: 'get',
    path: '/api/deploys',
    summary: 'List deploys, newest first',
    door: viewer,
    query: ChangesQuery,
    answers: { 200: listOf(Change) },
  },
  {
    method: 'post',
    path: '/api/changes',
    summary: 'Tell a change of any type',
    description: 'Idempotent. 202 when it is stored, 200 when it was told before.',
    door: teller,
    body: ChangeInput,
    answers: { 202: ChangeAccepted, 200: ChangeAccepted },
  },
  {
    method: 'get',
    path: '/api/changes',
    summary: 'List changes, newest first',
    door: viewer,
    query: ChangesQuery,
    answers: { 200: listOf(Change) },
  },
  {
    method: 'get',
    path: '/api/releases',
    summary: 'List releases, newest first',
    door: viewer,
    query: ReleasesQuery,
    answers: { 200: listOf(Release) },
  },
  {
    method: 'get',
    path: '/api/releases/{id}',
    summary: 'Read a release with its deploys',
    door: viewer,
    answers: { 200: ReleaseDetail },
  },
  {
    method: 'get',
    path: '/api/releases/{id}/compare',
    summary: 'Compare a release with what ran before it, or with another of its service',
    description: 'Asked of telemetry anew; the judgement that was kept is part of the release.',
    door: viewer,
    query: CompareQuery,
    answers: { 200: Comparison },
  },
];
