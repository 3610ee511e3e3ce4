import express, { type Request, type Response, type Router } from 'express';
import type { Clock } from '../src/lib/clock.js';
import { decodeCursor, encodeCursor, type Position } from '../src/lib/cursor.js';
import { BadInput } from '../src/lib/errors.js';
import { instant } from '../src/lib/time-range.js';
import type { Access } from '../src/http/access.js';
import type { List } from '../src/http/contract/common.js';
import {
  ChangesQuery,
  ReleasesQuery,
  type Change,
  type Release,
  type ReleaseDetail,
} from '../src/http/contract/changes.js';
import { CompareQuery, type Comparison, type VerdictBrief } from '../src/http/contract/verdicts.js';
import { parse } from '../src/http/validate.js';
import { listChanges } from '../src/query/changes.js';
import { listDeploys } from '../src/store/state/deploys.js';
import { happenedAt, listReleases, releaseById } from '../src/store/state/releases.js';
import type { StateDatabase } from '../src/store/state/connect.js';
import { suspectedOf } from '../src/store/state/suspects.js';
import { verdictBriefs, verdictOf } from '../src/store/state/verdicts.js';
import type { Release as StoredRelease } from '../src/model/releases.js';
import type { TelemetryReader } from '../src/store/telemetry/database.js';
import { briefOf, judgementOf } from './verdicts/brief.js';
import type { Verdicts } from './verdicts/verdicts.js';
import { changeView, releaseView } from './views.js';

export interface ReleaseRoutesDeps {
  readonly access: Access;
  readonly state: StateDatabase;
  readonly reader: TelemetryReader;
  readonly clock: Clock;
  readonly verdicts: Pick<Verdicts, 'compare'>;
  /** `releases.bakeTime`, ms. */
  readonly bakeMs: number;
}

const defaultLimit = 50;
/** A release may carry hundreds of commits: longer pages would be answers of many megabytes. */
const maxLimit = 200;
const commitsInList = 20;
const deploysInDetail = 50;

/** What was done, and the releases that it made: all lists newest first. */
export function releaseRoutes(deps: ReleaseRoutesDeps): Router {
  const router = express.Router();
  const viewer = deps.access.role('viewer');
  const brief = (release: StoredRelease, verdict: Parameters<typeof briefOf>[1]): VerdictBrief =>
    briefOf(release, verdict, { bakeMs: deps.bakeMs, now: deps.clock.now() });

  router.get('/api/changes', viewer, async (request: Request, response: Response) => {
    const filter = filterOf(parse(ChangesQuery, request.query), deps.clock.now());
    const rows = await listChanges(deps.reader, { ...filter, limit: filter.limit + 1 });
    const items = rows.map((row): Change => changeView({ ...row, fixes: [], fingerprint: '' }));
    response.json(page(items, filter.limit, (item) => ({ at: Date.parse(item.at), id: item.id })));
  });

  // From the state store: a deploy is there the moment it was acknowledged.
  router.get('/api/deploys', viewer, async (request: Request, response: Response) => {
    const filter = filterOf(parse(ChangesQuery, request.query), deps.clock.now());
    const deploys = await listDeploys(deps.state, { ...filter, limit: filter.limit + 1 });
    const items = deploys.map(({ change }): Change => changeView(change));
    response.json(page(items, filter.limit, (item) => ({ at: Date.parse(item.at), id: item.id })));
  });

  router.get('/api/releases', viewer, async (request: Request, response: Response) => {
    const filter = filterOf(parse(ReleasesQuery, request.query), deps.clock.now());
    const releases = await listReleases(deps.state, { ...filter, limit: filter.limit + 1 });
    const { items, nextCursor } = page(releases, filter.limit, (release) => ({
      at: happenedAt(release),
      id: release.id,
    }));
    const verdicts = await verdictBriefs(
      deps.state,
      items.map(({ id }) => id),
    );
    const answer: List<Release> = {
      items: items.map((release) => ({
        ...releaseView(release, commitsInList),
        verdict: brief(release, verdicts.get(release.id)),
      })),
      nextCursor,
    };
    response.json(answer);
  });

  router.get('/api/releases/:id', viewer, async (request: Request, response: Response) => {
    const id = String(request.params['id']);
    const release = await known(deps.state, id, 'id');
    const verdict = await verdictOf(deps.state, id);
    const deploys = await listDeploys(deps.state, { releaseId: id, limit: deploysInDetail });
    const suspected = await suspectedOf(deps.state, id, { atLeast: 0.1, limit: 20 });
    const answer: ReleaseDetail = {
      ...releaseView(release),
      deployHistory: deploys.map(({ change }) => changeView(change)),
      verdict: brief(release, verdict),
      judgement: judgementOf(verdict),
      suspectedOf: suspected.map(({ openedAt, ...rest }) => ({
        ...rest,
        openedAt: new Date(openedAt).toISOString(),
      })),
    };
    response.json(answer);
  });

  router.get('/api/releases/:id/compare', viewer, async (request: Request, response: Response) => {
    const asked = parse(CompareQuery, request.query);
    const release = await known(deps.state, String(request.params['id']), 'id');
    const other = asked.with === undefined ? undefined : await known(deps.state, asked.with, 'with');
    if (other && (other.service !== release.service || other.id === release.id)) {
      throw new BadInput(
        'bad_request',
        `"${other.service} ${other.version}" cannot be compared with it: choose another release of ${release.service}.`,
        { at: 'with' },
      );
    }
    const answer: Comparison = await deps.verdicts.compare(release, other);
    response.json(answer);
  });

  return router;
}

async function known(state: StateDatabase, id: string, at: string): Promise<StoredRelease> {
  const release = await releaseById(state, id);
  if (release) return release;
  throw new BadInput('not_found', `There is no release "${id}": GET /api/releases lists them.`, { at });
}

interface Asked {
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
  readonly type?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

function filterOf(asked: Asked, now: number) {
  return {
    service: asked.service,
    environment: asked.environment,
    type: asked.type,
    from: instant('from', asked.from, now),
    to: instant('to', asked.to, now),
    before: decodeCursor(asked.cursor),
    limit: Math.min(asked.limit ?? defaultLimit, maxLimit),
  };
}

/** One more than the limit was read: whether there is a next page is known without counting. */
function page<Item>(read: Item[], limit: number, position: (item: Item) => Position): List<Item> {
  const items = read.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: read.length > limit && last !== undefined ? encodeCursor(position(last)) : null,
  };
}
