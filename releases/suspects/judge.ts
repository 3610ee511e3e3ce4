import type { Evidence, Suspect } from '../../src/http/contract/suspects.js';
import type { Candidate, SuspectFacts } from './facts.js';
import { reachOf, type Place } from './reach.js';
import { onsetOf, type Onset } from './onset.js';
import { noRelease, weighOthers, whoFails } from './surroundings.js';
import { weighTime, whenOf } from './timing.js';
import {
  floorMinute,
  weighBeforeAfter,
  weighFeedback,
  weighFirstSeen,
  weighPlace,
  weighShare,
} from './weigh.js';

/** Shown at the most; those beyond are the least probable before anything is weighed. */
const maxSuspects = 20;
/** What is not known of the world at all, spread evenly: no suspect is certain. */
const doubt = 0.02;

/**
 * Who may have caused an incident. Each candidate's evidence adds to its log odds against "no release", and the
 * probabilities are their softmax, so that they add up to 1. Pure; the most probable first.
 */
export function judgeSuspects(facts: SuspectFacts): Suspect[] {
  const onset = onsetOfFacts(facts);
  const reach = reachOf(facts.failing, facts.calls);
  const failing = whoFails(facts);
  const series = new Map(facts.series.map(({ service, minutes }) => [service, minutes]));
  const suspects = nearest(facts.candidates, reach, onset).map(({ candidate, place }) => {
    const { signal, now } = facts;
    const minutes = series.get(candidate.service) ?? [];
    const weighed = { candidate, place, minutes, onset, signal, now };
    const evidence = [
      weighTime(candidate, onset),
      weighShare(weighed),
      weighBeforeAfter(weighed),
      weighPlace(weighed),
      ...weighFirstSeen(weighed),
      weighFeedback(weighed),
      weighOthers(candidate.service, failing, facts),
    ];
    return { candidate, evidence: evidence.filter((one): one is Evidence => one !== null) };
  });
  const none = noRelease(facts, onset, suspects.length);
  const odds = [none.evidence, ...suspects.map(({ evidence }) => evidence)].map(total);
  const probabilities = softmax(odds);
  return [
    { ...none, probability: probabilities[0] ?? 0 },
    ...suspects.map(({ candidate, evidence }, index) =>
      suspectOf(candidate, evidence, { onset, probability: probabilities[index + 1] ?? 0 }),
    ),
  ].sort((a, b) => b.probability - a.probability);
}

/** When the failures began, by the service that they come from. */
export function onsetOfFacts({
  failing,
  series,
  at,
}: Pick<SuspectFacts, 'failing' | 'series' | 'at'>): Onset {
  const lead = series.find(({ service }) => service === failing[0]);
  return onsetOf(lead?.minutes ?? [], at);
}

interface Near {
  readonly candidate: Candidate;
  readonly place: Place;
}

/** One release once: its last deploy before it began, else the first after. */
function nearest(candidates: readonly Candidate[], reach: ReadonlyMap<string, Place>, onset: Onset): Near[] {
  const byRelease = new Map<string, Near>();
  for (const candidate of candidates) {
    const place = reach.get(candidate.service);
    if (!place) continue;
    const known = byRelease.get(candidate.releaseId);
    if (!known || isNearer(candidate, known.candidate, onset)) {
      byRelease.set(candidate.releaseId, { candidate, place });
    }
  }
  const distance = ({ candidate, place }: Near): number =>
    Math.abs(onset.at - candidate.from) * (1 + place.distance);
  return [...byRelease.values()].sort((a, b) => distance(a) - distance(b)).slice(0, maxSuspects);
}

function isNearer(candidate: Candidate, known: Candidate, onset: Onset): boolean {
  const end = floorMinute(onset.at) + 90_000;
  const [mine, its] = [candidate.from <= end, known.from <= end];
  if (mine !== its) return mine;
  return mine ? candidate.from > known.from : candidate.from < known.from;
}

function suspectOf(
  candidate: Candidate,
  evidence: readonly Evidence[],
  { onset, probability }: { readonly onset: Onset; readonly probability: number },
): Suspect {
  const { releaseId, service, environment, version, at } = candidate;
  const name = `${service} ${version === '' ? 'without a version' : version}`;
  return {
    releaseId,
    service,
    environment,
    version,
    deployedAt: new Date(at).toISOString(),
    probability,
    title: `${name}, ${whenOf(candidate, onset)}`,
    evidence: [...evidence].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)),
  };
}

function total(evidence: readonly Evidence[]): number {
  return evidence.reduce((sum, { weight }) => sum + weight, 0);
}

function softmax(odds: readonly number[]): number[] {
  const highest = Math.max(...odds);
  const powers = odds.map((value) => Math.exp(value - highest));
  const all = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => (1 - doubt) * (power / all) + doubt / odds.length);
}
