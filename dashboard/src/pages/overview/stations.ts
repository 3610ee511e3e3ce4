import type { Loop } from '../../../../src/http/contract/telemetry.js';

export type LoopStation = Loop['stations'][number];

export type StationName = LoopStation['station'];

interface StationText {
  /** What it is called on the page. */
  readonly name: string;
  /** Where its number leads. */
  readonly to: '/' | '/incidents' | '/releases' | '/feedback' | '/traces';
  /** A few words for a station without data, and how to connect it. */
  readonly connect: string;
  readonly how: string;
  /** Which part of the Connect page says it in full. */
  readonly guide: string;
}

export const stationTexts: Readonly<Record<StationName, StationText>> = {
  plan: {
    name: 'Plan',
    to: '/incidents',
    connect: 'Nothing planned',
    how: 'Problems to plan come from incidents, errors and feedback: send those first.',
    guide: 'otel',
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
    connect: 'Connect a pipeline',
    how: 'Add the GitHub webhook with the event "workflow runs": those named after tests count here.',
    guide: 'github',
  },
  release: {
    name: 'Release',
    to: '/releases',
    connect: 'Set a version',
    how: 'Give your services the resource attribute service.version, or tell Lemni of deploys.',
    guide: 'otel',
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
    connect: 'Write a rule',
    how: 'Put a rule file into the rules directory; Settings shows what was read.',
    guide: 'rules',
  },
  feedback: {
    name: 'Feedback',
    to: '/feedback',
    connect: 'Ask your users',
    how: 'Send feedback from your pages with one fetch and a public key.',
    guide: 'feedback',
  },
};
