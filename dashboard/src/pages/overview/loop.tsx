import { Tooltip } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import type { CSSProperties } from 'react';
import { ErrorBox } from '../../ui/error-box.js';
import { Num } from '../../ui/num.js';
import { StateGlyph, type GlyphState } from '../../ui/state-glyph.js';
import { arc, crossing, curve, isUpper, parameters, stretches, way, type Spot } from './loop-geometry.js';
import { stationTexts, type LoopStation, type StationName } from './stations.js';
import { Travellers } from './travellers.js';
import { useLoop } from './use-loop.js';

const stateWords = {
  healthy: 'healthy',
  warning: 'warning',
  critical: 'critical',
  information: 'information',
  unconnected: 'not connected',
} as const satisfies Record<LoopStation['state'], string>;

/** The product's mark, map and menu: eight stations on the loop, feedback where its curves cross. */
export function Loop() {
  const { data, error, refetch } = useLoop();
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const stations = new Map(data?.stations.map((station) => [station.station, station]));
  const connected = (name: StationName) => (stations.get(name)?.state ?? 'unconnected') !== 'unconnected';
  if (error && !data)
    return <ErrorBox what="The loop could not be loaded." error={error} retry={() => void refetch()} />;
  return (
    <section className="loop" aria-label="The loop">
      <div className="loop-curve" ref={ref}>
        {width > 0 ? (
          <svg width={width} height={height} aria-hidden>
            {stretches.map(({ from, to, start, end }) => (
              <path
                key={from}
                d={arc(start, end, width, height)}
                data-connected={!data || (connected(from) && connected(to))}
              />
            ))}
          </svg>
        ) : null}
        {width > 0 ? <Travellers width={width} height={height} /> : null}
      </div>
      <ul>
        {way.map((name) => (
          <Station
            key={name}
            name={name}
            station={stations.get(name)}
            spot={curve(parameters[name])}
            words={isUpper(name) ? 'above' : 'below'}
          />
        ))}
        <Station name="feedback" station={stations.get('feedback')} spot={crossing} words="centre" />
      </ul>
    </section>
  );
}

interface StationProps {
  name: StationName;
  /** Undefined while it loads. */
  station: LoopStation | undefined;
  spot: Spot;
  words: 'above' | 'below' | 'centre';
}

function Station({ name, station, spot, words }: StationProps) {
  const text = stationTexts[name];
  // The two custom properties place it on the curve; React's type does not know such names.
  const place = { '--x': spot.x, '--y': spot.y } as CSSProperties;
  const unconnected = station?.state === 'unconnected' || station?.value === null;
  const state = station ? (unconnected ? 'unconnected' : station.state) : undefined;
  const inside = (
    <>
      <span className="loop-disc" aria-hidden={!station}>
        {state ? <StateGlyph state={glyphOf(name, state)} word={stateWords[state]} bare size={20} /> : null}
      </span>
      <span className="loop-words">
        <span className="loop-name">{text.name}</span>
        {!station ? (
          <span className="loop-value muted">–</span>
        ) : unconnected ? (
          <span className="loop-connect">{text.connect}</span>
        ) : (
          <>
            <span className="loop-value">
              <Num value={station.value} />
            </span>
            <span className="loop-unit">{station.unit}</span>
          </>
        )}
      </span>
    </>
  );
  return (
    <li className="loop-station" style={place} data-words={words} data-state={state} data-station={name}>
      <Tooltip label={text.how} disabled={!unconnected}>
        {unconnected && text.guide !== null ? (
          <Link to="/settings/$tab" params={{ tab: 'connect' }} hash={text.guide} className="loop-link">
            {inside}
          </Link>
        ) : (
          <Link to={text.to} className="loop-link">
            {inside}
          </Link>
        )}
      </Tooltip>
    </li>
  );
}

/** Feedback has its own colour and glyph while nothing is wrong with it. */
function glyphOf(name: StationName, state: LoopStation['state']): GlyphState {
  return name === 'feedback' && (state === 'healthy' || state === 'information') ? 'feedback' : state;
}
