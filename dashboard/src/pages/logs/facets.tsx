import { ActionIcon, Skeleton, Tooltip } from '@mantine/core';
import { IconChevronRight, IconFilterOff } from '@tabler/icons-react';
import { useState } from 'react';
import type { LogFacets } from '../../../../src/http/contract/telemetry.js';
import { formatCount } from '../../charts/units.js';
import { filterMode, toggledFilter, type FilterMode } from '../../query-bar/query-edit.js';
import { bandColor } from './severity-color.js';

type Facet = LogFacets['items'][number];

interface FacetsProps {
  facets: LogFacets | undefined;
  query: string;
  onQuery: (query: string) => void;
}

/** The values of the fields, with how often they occur. A click narrows to one, with Alt it leaves it out. */
export function Facets({ facets, query, onQuery }: FacetsProps) {
  if (!facets) {
    return (
      <div className="facets" role="status" aria-label="Loading the fields">
        {Array.from({ length: 8 }, (_, i) => (
          <Skeleton key={i} h={12} my={10} w={`${60 + ((i * 37) % 40)}%`} />
        ))}
      </div>
    );
  }
  return (
    <nav className="facets" aria-label="Narrow by field">
      {facets.items.map((facet) => (
        <FacetGroup key={facet.field} facet={facet} query={query} onQuery={onQuery} />
      ))}
      {facets.partial === undefined ? null : <p className="small muted">{facets.partial}</p>}
    </nav>
  );
}

const closedKey = 'lemni-closed-facets';
const shownAtFirst = 6;

function closedFacets(): Set<string> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(closedKey) ?? '[]');
    return new Set(Array.isArray(stored) ? stored.filter((one) => typeof one === 'string') : []);
  } catch {
    return new Set();
  }
}

function FacetGroup({
  facet,
  query,
  onQuery,
}: {
  facet: Facet;
  query: string;
  onQuery: (query: string) => void;
}) {
  const [open, setOpen] = useState(() => !closedFacets().has(facet.field));
  const [all, setAll] = useState(false);
  const most = facet.values.reduce((top, value) => Math.max(top, value.count), 1);
  const values = all ? facet.values : facet.values.slice(0, shownAtFirst);
  const toggleOpen = (): void => {
    const closed = closedFacets();
    if (open) closed.add(facet.field);
    else closed.delete(facet.field);
    try {
      localStorage.setItem(closedKey, JSON.stringify([...closed].slice(-200)));
    } catch {
      // Storage may be off: it opens again next time.
    }
    setOpen(!open);
  };
  return (
    <section className="facet">
      <h3>
        <button type="button" className="facet-head" aria-expanded={open} onClick={toggleOpen}>
          <IconChevronRight size={14} aria-hidden className="facet-chevron" />
          <span className="clip">{facet.field}</span>
        </button>
      </h3>
      {open ? (
        <>
          <ul>
            {values.map(({ value, count }) => (
              <li key={value}>
                <FacetValue
                  field={facet.field}
                  value={value}
                  count={count}
                  share={count / most}
                  mode={filterMode(query, facet.field, value)}
                  onToggle={(mode) => onQuery(toggledFilter(query, facet.field, value, mode))}
                />
              </li>
            ))}
          </ul>
          {facet.values.length > shownAtFirst ? (
            <button type="button" className="facet-more" onClick={() => setAll(!all)}>
              {all ? 'Fewer' : `${facet.values.length - shownAtFirst} more`}
            </button>
          ) : null}
        </>
      ) : null}
    </section>
  );
}

interface FacetValueProps {
  field: string;
  value: string;
  count: number;
  /** Of the most frequent value, 0 to 1. */
  share: number;
  mode: FilterMode | null;
  onToggle: (mode: FilterMode) => void;
}

function FacetValue({ field, value, count, share, mode, onToggle }: FacetValueProps) {
  const shown = value === '' ? '(empty)' : value;
  return (
    <div className="facet-value" data-mode={mode ?? undefined}>
      <button
        type="button"
        className="facet-pick"
        aria-pressed={mode === 'include'}
        title={`${shown}: click to narrow to it, Alt-click to leave it out`}
        onClick={(event) => onToggle(event.altKey ? 'exclude' : 'include')}
      >
        <span
          className="facet-bar"
          style={{ width: `${Math.max(2, share * 100)}%`, background: bandColor(field, value) }}
          aria-hidden
        />
        <span className="facet-name clip">{shown}</span>
        <span className="facet-count num">{formatCount(count)}</span>
      </button>
      <Tooltip label={mode === 'exclude' ? 'Take it back in' : 'Leave it out'}>
        <ActionIcon
          className="facet-exclude"
          variant="subtle"
          size={22}
          aria-label={`Leave out ${field} ${shown}`}
          aria-pressed={mode === 'exclude'}
          onClick={() => onToggle('exclude')}
        >
          <IconFilterOff size={13} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
