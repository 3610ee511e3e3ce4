import { SegmentedControl } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { ProblemItem } from '../../../../src/http/contract/problems.js';
import { useList, type ListState } from '../../api/use-list.js';
import { Narrowed } from '../../ui/narrowed.js';
import { PageTitle } from '../../ui/page-title.js';
import { ProblemsList } from './problems-list.js';
import './problems.css';
import { problemFilters, type ProblemFilter, type ProblemsSearch } from './search.js';
import { ServiceFilter } from './service-filter.js';
import { whatToFix } from './sentences.js';

const route = getRouteApi('/app/problems');
const filterNames: Readonly<Record<ProblemFilter, string>> = {
  active: 'Active',
  open: 'Open',
  planned: 'Planned',
  fixed: 'Fixed',
  regressed: 'Regressed',
  verified: 'Verified',
  dismissed: 'Dismissed',
  all: 'All',
};

/** What is worth planning, the costliest first. */
export function ProblemsPage() {
  const { state = 'active', service } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useList<ProblemItem>('/api/problems', { state, service, limit: 50 });
  const narrow = (change: ProblemsSearch) =>
    void navigate({ search: (previous) => ({ ...previous, ...change }), replace: true });
  return (
    <>
      <PageTitle tab="Problems" answer={answerOf(list, state)}>
        What should we fix next?
      </PageTitle>
      <div className="filters">
        <div className="problem-filter">
          <SegmentedControl
            size="xs"
            aria-label="State"
            value={state}
            onChange={(value) => narrow({ state: problemFilters.find((filter) => filter === value) })}
            data={problemFilters.map((value) => ({ value, label: filterNames[value] }))}
          />
        </div>
        <ServiceFilter service={service} onPick={(name) => narrow({ service: name })} />
        <Narrowed name="service" value={service} onRemove={() => narrow({ service: undefined })} />
      </div>
      <ProblemsList list={list} state={state} service={service} />
    </>
  );
}

function answerOf(list: ListState<ProblemItem>, state: ProblemFilter): string | null {
  if (!list.items) return list.error ? 'That could not be asked.' : null;
  if (state === 'active' || state === 'all') return whatToFix(list.items, list.hasMore);
  const n = list.items.length;
  if (n === 0) return `No problem is ${state}.`;
  return n === 1 && !list.hasMore
    ? `1 problem is ${state}.`
    : `${n}${list.hasMore ? '+' : ''} problems are ${state}.`;
}
