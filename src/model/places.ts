import { storableText } from '../lib/text.js';
import type { Place } from './releases.js';

/**
 * One text for a place, the same as telemetry names it and as the state database gives it back, which keeps no NUL:
 * a key that differed would not find the incident that is open there.
 */
export function placeKey({ service, environment }: Place): string {
  return JSON.stringify([storableText(service), storableText(environment)]);
}
