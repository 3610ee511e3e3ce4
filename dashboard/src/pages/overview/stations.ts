import type { Loop } from '../../../../src/http/contract/telemetry.js';

export type LoopStation = Loop['stations'][number];

export type StationName = LoopStation['station'];

interface StationText {
  /** What it is called on the page. */
  readonly name: string;
  /** Where its number leads. */
  readonly to: '/' | '/incidents' | '/releases' | '/feedback' | '/traces' | '/problems';
  /** A few words for a station without data, and how to connect it. */
  readonly connect: string;
  readonly how: string;
  /** Which part of the Connect page says it in full; null: its own page does. */
  readonly guide: string | null;
}

export const stationTexts: Readonly<Record<StationName, StationText>> = {
  plan: {
    name: 'Plan',
    to: '/problems',
    connect: 'Plan a first fix',
    how: 'Press “Plan the fix” on an incident, an error, a log pattern or a feedback.',
    guide: null,
  },
  code: {
    name: 'Code',
    to: '/releases',
    connect: 'Connect GitHub',
    how: 'Add the GitHub webhook with the event "push".',
    guide: 'github',
  },
  build: {
    name: 'Build',
    to: '/releases',
    connect: 'Connect a pipeline',
    how: 'Add the GitHub webhook with the event "workflow runs".',
    guide: 'github',
  },
  test: {
    name: 'Test',
    to: '/releases',
    connect: 'Send test runs',
    how: 'Tell Lemni of test runs: POST /api/changes with the type testsuiterun.finished.',
    guide: 'deploys',
  },
  release: {
    name: 'Release',
    to: '/releases',
    connect: 'Send artifacts',
    how: 'Tell Lemni of what was published: POST /api/changes with the type artifact.published.',
    guide: 'deploys',
  },
  deploy: {
    name: 'Deploy',
    to: '/releases',
    connect: 'Send a deploy',
    how: 'One line of curl at the end of the pipeline, or the GitHub webhook.',
    guide: 'deploys',
  },
  operate: {
    name: 'Operate',
    to: '/traces',
    connect: 'Send traces',
    how: 'Point an OpenTelemetry SDK at Lemni.',
    guide: 'otel',
  },
  monitor: {
    name: 'Monitor',
    to: '/incidents',
    connect: 'Send telemetry',
    how: 'Point an OpenTelemetry SDK at Lemni: logs, traces and metrics.',
    guide: 'otel',
  },
  feedback: {
    name: 'Feedback',
    to: '/feedback',
    connect: 'Ask your users',
    how: 'Send feedback from your pages with one fetch and a public key.',
    guide: 'feedback',
  },
};
