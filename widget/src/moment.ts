import type { Entered } from './form.js';
import type { FeedbackBody } from './outbox.js';
import { pageAddress } from './page-address.js';
import { randomHex } from './random.js';
import { sessionId } from './session.js';
import type { Told } from './settings.js';
import { shelfOf } from './storage.js';
import { watchTraces } from './trace.js';

export interface Moment {
  /** What was entered, with the page, release, session and trace it was entered in. */
  bodyOf(entered: Partial<Entered>): FeedbackBody;
  session(): string;
}

const maxAttributes = 40;

export function createMoment(page: Window & typeof globalThis, told: Told): Moment {
  const tab = shelfOf(() => page.sessionStorage);
  const trace = watchTraces(page);
  const session = () => told.sessionId ?? sessionId(tab, () => page.localStorage, Date.now());
  return {
    session,
    bodyOf: (entered) => {
      const { service, version, environment, userId, traceId } = told;
      const found = traceId === undefined ? trace() : undefined;
      return {
        id: `w-${randomHex()}`,
        ...{ service, version, environment, userId },
        rating: entered.rating,
        message: textOf(entered.message),
        email: textOf(entered.email) ?? told.email,
        screenshot: entered.screenshot,
        page: pageAddress(page.location.href),
        sessionId: session(),
        traceId: traceId ?? found?.traceId,
        attributes: {
          ...attributesOf(told),
          'browser.language': page.navigator.language,
          'browser.viewport': `${page.innerWidth}x${page.innerHeight}`,
          ...(found ? { 'lemni.trace_from': found.from } : {}),
        },
      };
    },
  };
}

function attributesOf({ attributes = {} }: Told): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes)
      .slice(0, maxAttributes)
      .map(([name, value]) => [name.slice(0, 200), String(value).slice(0, 2000)]),
  );
}

function textOf(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}
