import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReleaseDetail } from '../../../../src/http/contract/changes.js';
import type { Comparison } from '../../../../src/http/contract/verdicts.js';
import { useApi } from '../../api/use-api.js';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { Section } from '../../ui/section.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { ComparePicker } from './compare-picker.js';
import { FirstSeenList } from './first-seen.js';
import { MeasuresTable } from './measures-table.js';

const route = getRouteApi('/app/releases/$id');

/** Before and after: as it was judged, or asked anew while it bakes and for a release of choice. */
export function ReleaseComparison({ release }: { release: ReleaseDetail }) {
  const chosen = route.useSearch().with;
  const navigate = route.useNavigate();
  const judged = chosen === undefined ? release.judgement?.comparison : undefined;
  const asked = useApi<Comparison>(
    `/api/releases/${encodeURIComponent(release.id)}/compare`,
    { with: chosen },
    { enabled: judged === undefined, live: release.verdict?.state === 'baking' },
  );
  const comparison = judged ?? asked.data;
  const choose = (id: string | undefined) =>
    void navigate({ search: (previous) => ({ ...previous, with: id }), replace: true });
  return (
    <>
      <Section
        title="Before and after"
        note={comparison?.basisText === '' ? undefined : comparison?.basisText}
        more={<ComparePicker release={release} value={chosen} onChange={choose} />}
      >
        {comparison ? (
          <Numbers comparison={comparison} service={release.service} />
        ) : asked.error ? (
          <ErrorBox
            what="The comparison could not be made."
            error={asked.error}
            retry={() => void asked.refetch()}
          />
        ) : (
          <div className="card">
            <TableSkeleton rows={7} />
          </div>
        )}
      </Section>
      {comparison ? <Operations comparison={comparison} /> : null}
      {comparison ? <FirstSeenList comparison={comparison} /> : null}
    </>
  );
}

function Numbers({ comparison, service }: { comparison: Comparison; service: string }) {
  const isEmpty = comparison.measures.every(({ before, after }) => before === null && (after ?? 0) === 0);
  if (isEmpty)
    return (
      <div className="card">
        <Empty title="Nothing can be compared.">
          No telemetry of {service} with this version is kept from its time. Give the deploy the same text as{' '}
          <code>service.version</code>, so that the two are known to be one.
        </Empty>
      </div>
    );
  return <MeasuresTable measures={comparison.measures} comparison={comparison} label="Before and after" />;
}

/** Those that moved; the rest on demand. */
function Operations({ comparison }: { comparison: Comparison }) {
  const [all, setAll] = useState(false);
  const { operations } = comparison;
  if (operations.length === 0) return null;
  const moved = operations.filter(({ movement }) => movement === 'worse' || movement === 'better');
  const still = operations.length - moved.length;
  const shown = all ? operations : moved;
  return (
    <Section
      title="Operations that moved"
      note={moved.length === 0 ? 'none' : moved.length}
      more={
        still === 0 ? undefined : (
          <button type="button" className="link-button" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Only those that moved' : `Show ${still} that did not`}
          </button>
        )
      }
    >
      {shown.length === 0 ? null : (
        <MeasuresTable measures={shown} comparison={comparison} label="Operations" />
      )}
    </Section>
  );
}
