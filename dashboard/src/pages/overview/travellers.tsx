import { useReducedMotion } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { useLiveEvent } from '../../live/use-live.js';
import { arc, parameters } from './loop-geometry.js';

/** One round of the curve takes this long (ms); a traveller goes a part of it. */
const roundMs = 9000;
/** More at once would be a blur. */
const maxTravellers = 6;

const full = 2 * Math.PI;
const trips = {
  /** A deploy becomes something to operate. */
  change: { color: 'var(--release-fill)', from: parameters.release, to: parameters.operate },
  /** What was seen in operation becomes an incident. */
  incident: { color: 'var(--critical-fill)', from: parameters.operate, to: parameters.monitor },
  /** What a person said comes back to planning. */
  feedback: { color: 'var(--feedback-fill)', from: parameters.monitor, to: parameters.plan + full },
} as const;

/** What happens travels along the loop: a dot for each live event, and nothing when nothing happens. */
export function Travellers({ width, height }: { width: number; height: number }) {
  const layer = useRef<HTMLDivElement>(null);
  const still = useReducedMotion();
  const send = (kind: keyof typeof trips) => {
    const host = layer.current;
    if (still || !host || document.hidden || host.childElementCount >= maxTravellers) return;
    const { color, from, to } = trips[kind];
    const dot = document.createElement('span');
    dot.className = 'loop-traveller';
    dot.style.background = color;
    dot.style.offsetPath = `path("${arc(from, to, width, height)}")`;
    host.append(dot);
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
  };
  useLiveEvent('change', () => send('change'));
  useLiveEvent('incident', () => send('incident'));
  useLiveEvent('feedback', () => send('feedback'));
  // Dots of an old size would leave the curve.
  useEffect(() => layer.current?.replaceChildren(), [width, height]);
  return <div ref={layer} className="loop-travellers" aria-hidden />;
}
