import { SegmentedControl } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Rule, Rules } from '../../../../../src/http/contract/incidents.js';
import { useApi } from '../../../api/use-api.js';
import { Empty } from '../../../ui/empty.js';
import { ErrorBox } from '../../../ui/error-box.js';
import { Section } from '../../../ui/section.js';
import { TableSkeleton } from '../../../ui/skeletons.js';
import { rule as exampleRule } from '../snippets/feedback.js';
import { FileMistakes } from './file-mistakes.js';
import { RuleRow } from './rule-row.js';
import { counts, filterNames, fits, inOrder, ruleFilters, type RuleFilter } from './rule-states.js';
import './rules.css';

const route = getRouteApi('/app/settings/$tab');
/** Rules are evaluated every 15 s; an incident tells the page at once (live/use-live.ts). */
const refetchMs = 5000;
/** Rows in the page at once: more than a person reads, fewer than a browser draws slowly. */
const maxRows = 300;

/** What is watched: every rule, how it is doing, and what is wrong in the files. */
export function RulesSection() {
  const { data, error, refetch } = useApi<Rules>('/api/rules', {}, { refetchInterval: refetchMs });
  if (error && !data) {
    return (
      <Section title="Rules">
        <ErrorBox what="The rules could not be loaded." error={error} retry={() => void refetch()} />
      </Section>
    );
  }
  return (
    <Section title="Rules" note={data ? data.items.length : undefined}>
      <FileMistakes mistakes={data?.fileErrors ?? []} />
      {data ? (
        <RuleList rules={data.items} />
      ) : (
        <div className="card">
          <TableSkeleton rows={5} />
        </div>
      )}
    </Section>
  );
}

function RuleList({ rules }: { rules: readonly Rule[] }) {
  const { rules: filter = 'all' } = route.useSearch();
  const navigate = route.useNavigate();
  if (rules.length === 0) {
    return (
      <div className="card">
        <Empty title="No rule is set up." line={exampleRule}>
          Put a file like this into the rules directory. It is read at once.
        </Empty>
      </div>
    );
  }
  const numbers = counts(rules);
  const shown = inOrder(rules.filter((rule) => fits(rule, filter)));
  const show = (value: RuleFilter | undefined) =>
    void navigate({ search: { rules: value === 'all' ? undefined : value }, replace: true });
  return (
    <>
      <div className="filters rule-filters">
        <SegmentedControl
          size="xs"
          aria-label="State of the rules"
          value={filter}
          onChange={(value) => show(ruleFilters.find((known) => known === value))}
          data={ruleFilters.map((value) => ({ value, label: `${filterNames[value]} ${numbers[value]}` }))}
        />
      </div>
      <div className="card">
        {shown.length === 0 ? (
          <Empty title={emptyTitles[filter]}>
            <Link to="/settings/$tab" params={{ tab: 'alerting' }}>
              Show all {rules.length} rules
            </Link>
          </Empty>
        ) : (
          <ul className="rule-list">
            {shown.slice(0, maxRows).map((rule) => (
              <RuleRow key={`${rule.file} ${rule.group} ${rule.name} ${rule.line ?? ''}`} rule={rule} />
            ))}
          </ul>
        )}
        {shown.length > maxRows ? (
          <p className="muted small rule-more">
            The first {maxRows} of {shown.length} are shown: those that fire or cannot be asked come first.
          </p>
        ) : null}
      </div>
    </>
  );
}

const emptyTitles: Readonly<Record<RuleFilter, string>> = {
  all: 'No rule is set up.',
  firing: 'No rule fires.',
  pending: 'No rule is about to fire.',
  failing: 'Every rule can be asked.',
  quiet: 'No rule is quiet.',
};
