import { useReducedMotion } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useLiveEvent } from '../../live/use-live.js';
import { createJourneys, type Journey } from './journeys.js';
import { arc } from './loop-geometry.js';

/** One round of the curve takes this long (ms); a traveller goes a part of it. */
const roundMs = 9000;
/** More at once would be a blur. */
const maxTravellers = 6;
/** How long the last one is named (ms): long enough to read it and to look where it went. */
const namedMs = 12_000;

const full = 2 * Math.PI;

/**
 * What becomes something else travels along the loop, a dot and a line of words for each, and nothing when
 * nothing happens. Without motion the words alone tell it.
 */
export function Travellers({ width, height }: { width: number; height: number }) {
  const layer = useRef<HTMLDivElement>(null);
  const still = useReducedMotion();
  const [journeys] = useState(() => createJourneys(Date.now()));
  const [last, setLast] = useState<Journey | null>(null);
  const send = (journey: Journey | null) => {
    if (!journey) return;
    setLast(journey);
    const host = layer.current;
    if (still || !host || document.hidden || host.childElementCount >= maxTravellers) return;
    host.append(dotOf(journey, { width, height }));
  };
  useLiveEvent('release', (release) => send(journeys.release(release)));
  useLiveEvent('incident', (incident) => send(journeys.incident(incident)));
  useLiveEvent('problem', (problem) => send(journeys.problem(problem)));
  useLiveEvent('feedback', (feedback) => send(journeys.feedback(feedback)));
  // Dots of an old size would leave the curve.
  useEffect(() => layer.current?.replaceChildren(), [width, height]);
  useEffect(() => {
    if (!last) return undefined;
    const timer = setTimeout(() => setLast(null), namedMs);
    return () => clearTimeout(timer);
  }, [last]);
  return (
    <>
      <div ref={layer} className="loop-travellers" aria-hidden />
      <p className="loop-news clip" role="status">
        {last ? (
          <>
            <span className="loop-news-dot" style={{ background: last.color }} aria-hidden />
            {last.words}
          </>
        ) : null}
      </p>
    </>
  );
}

function dotOf({ color, from, to }: Journey, { width, height }: { width: number; height: number }) {
  const dot = document.createElement('span');
  dot.className = 'loop-traveller';
  dot.style.background = color;
  dot.style.offsetPath = `path("${arc(from, to, width, height)}")`;
  const motion = dot.animate(
    [
      { offsetDistance: '0%', opacity: 0 },
      { opacity: 1, offset: 0.1 },
      { opacity: 1, offset: 0.85 },
      { offsetDistance: '100%', opacity: 0 },
    ],
    { duration: (roundMs * (to - from)) / full, easing: 'ease-in-out' },
  );
  motion.onfinish = () => dot.remove();
  return dot;
}
