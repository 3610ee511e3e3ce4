import { z } from 'zod';
import { listOf, Page } from '../contract/common.js';
import {
  Alert,
  Incident,
  IncidentAssign,
  IncidentComment,
  IncidentDetail,
  IncidentsQuery,
  Notification,
  Rules,
} from '../contract/incidents.js';
import { admin, responder, viewer, type RouteDoc } from './route.js';

export const incidentDocs: readonly RouteDoc[] = [
  {
    method: 'get',
    path: '/api/alerts',
    summary: 'List alerts that are pending, firing, or resolved a moment ago',
    door: viewer,
    answers: { 200: listOf(Alert) },
  },
  {
    method: 'get',
    path: '/api/rules',
    summary: 'List the rules and mistakes in their files',
    door: viewer,
    answers: { 200: Rules },
  },
  {
    method: 'get',
    path: '/api/incidents',
    summary: 'List incidents, newest first',
    door: viewer,
    query: IncidentsQuery,
    answers: { 200: listOf(Incident) },
  },
  {
    method: 'get',
    path: '/api/incidents/{id}',
    summary: 'Read an incident with its timeline',
    door: viewer,
    answers: { 200: IncidentDetail },
  },
  {
    method: 'post',
    path: '/api/incidents/{id}/acknowledge',
    summary: 'Say that somebody looks at it',
    door: responder,
    answers: { 200: IncidentDetail },
  },
  {
    method: 'post',
    path: '/api/incidents/{id}/assign',
    summary: 'Give it to somebody, or to nobody',
    door: responder,
    body: IncidentAssign,
    answers: { 200: IncidentDetail },
  },
  {
    method: 'post',
    path: '/api/incidents/{id}/comment',
    summary: 'Write into its timeline',
    door: responder,
    body: IncidentComment,
    answers: { 200: IncidentDetail },
  },
  {
    method: 'post',
    path: '/api/incidents/{id}/resolve',
    summary: 'Resolve it by hand',
    door: responder,
    answers: { 200: IncidentDetail },
  },
  {
    method: 'get',
    path: '/api/notifications',
    summary: 'List what was sent about incidents, newest first',
    door: viewer,
    query: Page,
    answers: { 200: listOf(Notification) },
  },
  {
    method: 'get',
    path: '/api/notifiers',
    summary: 'List where incidents are told',
    door: viewer,
    answers: { 200: listOf(z.object({ name: z.string(), kind: z.string() })) },
  },
  {
    method: 'post',
    path: '/api/notifiers/{name}/test',
    summary: 'Send a test message',
    door: admin,
    answers: { 200: Notification },
  },
];
