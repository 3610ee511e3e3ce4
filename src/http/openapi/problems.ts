import { listOf } from '../contract/common.js';
import {
  ErrorGroup,
  ErrorsQuery,
  ProblemComment,
  ProblemDetail,
  ProblemInput,
  ProblemItem,
  ProblemPatch,
  ProblemsQuery,
  TicketInput,
} from '../contract/problems.js';
import { responder, viewer, type RouteDoc } from './route.js';

export const problemDocs: readonly RouteDoc[] = [
  {
    method: 'get',
    path: '/api/problems',
    summary: 'List problems, the costliest first',
    door: viewer,
    query: ProblemsQuery,
    answers: { 200: listOf(ProblemItem) },
  },
  {
    method: 'post',
    path: '/api/problems',
    summary: 'Open a problem from an incident, an error group, a log pattern or feedback',
    description: '201 with the new problem; 200 with the one that was opened from the same source before.',
    door: responder,
    body: ProblemInput,
    answers: { 201: ProblemItem, 200: ProblemItem },
  },
  {
    method: 'get',
    path: '/api/problems/{id}',
    summary: 'Read a problem with its timeline, trend and incidents',
    door: viewer,
    answers: { 200: ProblemDetail },
  },
  {
    method: 'patch',
    path: '/api/problems/{id}',
    summary: 'Rename a problem, or set its state',
    door: responder,
    body: ProblemPatch,
    answers: { 200: ProblemItem },
  },
  {
    method: 'post',
    path: '/api/problems/{id}/comments',
    summary: 'Write into its timeline',
    door: responder,
    body: ProblemComment,
    answers: { 200: ProblemDetail },
  },
  {
    method: 'post',
    path: '/api/problems/{id}/ticket',
    summary: 'Create its ticket, or link one by its address',
    description: 'The ticket is created in the background: `ticket.state` says how far that is.',
    door: responder,
    body: TicketInput,
    answers: { 200: ProblemDetail },
  },
  {
    method: 'get',
    path: '/api/errors',
    summary: 'List error groups of a time, most frequent first',
    door: viewer,
    query: ErrorsQuery,
    answers: { 200: listOf(ErrorGroup) },
  },
];
