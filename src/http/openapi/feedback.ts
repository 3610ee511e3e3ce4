import { z } from 'zod';
import { listOf } from '../contract/common.js';
import {
  Feedback,
  FeedbackAccepted,
  FeedbackInput,
  FeedbackPatch,
  FeedbackQuery,
} from '../contract/feedback.js';
import { responder, viewer, type RouteDoc } from './route.js';

export const feedbackDocs: readonly RouteDoc[] = [
  {
    method: 'post',
    path: '/api/feedback',
    summary: 'Send feedback',
    description:
      'From pages of `ingest.allowedOrigins`. 202 when it is stored, 200 when the same `id` was sent before.',
    door: { kind: 'key', scopes: ['public', 'ingest', 'api'] },
    body: FeedbackInput,
    answers: { 202: FeedbackAccepted, 200: FeedbackAccepted },
  },
  {
    method: 'get',
    path: '/api/feedback',
    summary: 'List feedback, newest first',
    door: viewer,
    query: FeedbackQuery,
    answers: { 200: listOf(Feedback) },
  },
  {
    method: 'get',
    path: '/api/feedback/{id}',
    summary: 'Read one feedback',
    door: viewer,
    answers: { 200: Feedback },
  },
  {
    method: 'get',
    path: '/api/feedback/{id}/screenshot',
    summary: 'Fetch the screenshot of a feedback',
    door: viewer,
    answers: { 200: z.string().meta({ format: 'binary' }) },
    mediaType: 'image/*',
  },
  {
    method: 'patch',
    path: '/api/feedback/{id}',
    summary: 'Open or close a feedback',
    door: responder,
    body: FeedbackPatch,
    answers: { 200: Feedback },
  },
];
