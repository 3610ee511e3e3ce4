import type { Change, Commit } from '../src/model/changes.js';
import type { Release } from '../src/model/releases.js';

/** A change as the API answers it: times are RFC 3339. */
export interface ChangeView {
  id: string;
  at: string;
  type: string;
  service: string;
  environment: string;
  version: string;
  status: string;
  commit: string;
  url: string;
  actor: string;
  source: string;
  startedAt: string | null;
  finishedAt: string | null;
  commits: Commit[];
  attributes: Record<string, string>;
  receivedAt: string;
}

/** A release as the API answers it. */
export interface ReleaseView {
  id: string;
  service: string;
  version: string;
  environment: string;
  source: 'change' | 'telemetry';
  firstSeenAt: string;
  deployedAt: string | null;
  commit: string;
  url: string;
  actor: string;
  status: string;
  commits: Commit[];
  commitCount: number;
  previousVersion: string | null;
  current: boolean;
  deploys: number;
  fixes: string[];
  telemetryFirstAt: string | null;
  telemetryLastAt: string | null;
}

export function changeView(change: Change): ChangeView {
  const { id, type, service, environment, version, status, commit, url, actor, source } = change;
  return {
    id,
    at: time(change.at),
    type,
    service,
    environment,
    version,
    status,
    commit,
    url,
    actor,
    source,
    startedAt: timeOrNull(change.startedAt),
    finishedAt: timeOrNull(change.finishedAt),
    commits: [...change.commits],
    attributes: { ...change.attributes },
    receivedAt: time(change.receivedAt),
  };
}

/** In a list at most `maxCommits` of them are answered; `commitCount` says how many there are. */
export function releaseView(release: Release, maxCommits = 500): ReleaseView {
  const { id, service, version, environment, source, commit, url, actor, status } = release;
  return {
    id,
    service,
    version,
    environment,
    source,
    firstSeenAt: time(release.firstSeenAt),
    deployedAt: timeOrNull(release.deployedAt),
    commit,
    url,
    actor,
    status,
    commits: release.commits.slice(-maxCommits),
    commitCount: release.commits.length,
    previousVersion: release.previousVersion,
    current: release.current,
    deploys: release.deploys,
    fixes: [...release.fixes],
    telemetryFirstAt: timeOrNull(release.telemetryFirstAt),
    telemetryLastAt: timeOrNull(release.telemetryLastAt),
  };
}

function time(at: number): string {
  return new Date(at).toISOString();
}

function timeOrNull(at: number | null): string | null {
  return at === null ? null : time(at);
}
