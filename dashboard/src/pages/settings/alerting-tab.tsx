import type { Rule, Rules } from '../../../../src/http/contract/incidents.js';
import { useApi } from '../../api/use-api.js';
import { duration, join, span } from '../../time/format.js';
import { Ago } from '../../ui/ago.js';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { Section } from '../../ui/section.js';
import { TableSkeleton } from '../../ui/skeletons.js';
import { StateGlyph, type GlyphState } from '../../ui/state-glyph.js';
import { Notifiers } from './notifiers.js';
import { rule as exampleRule } from './snippets/feedback.js';

const glyphs: Readonly<Record<Rule['state'], GlyphState>> = {
  firing: 'critical',
  pending: 'warning',
  resolved: 'healthy',
  inactive: 'healthy',
};
const words: Readonly<Record<Rule['state'], string>> = {
  firing: 'fires',
  pending: 'pending',
  resolved: 'resolved',
  inactive: 'quiet',
};

export function AlertingTab() {
  const { data, error, refetch } = useApi<Rules>('/api/rules', {}, { refetchInterval: 15_000 });
  return (
    <>
      <Section title="Rules" note={data ? data.items.length : undefined}>
        {error && !data ? (
          <ErrorBox what="The rules could not be loaded." error={error} retry={() => void refetch()} />
        ) : null}
        {data?.fileErrors.map((mistake) => (
          <div className="settings-mistake" role="alert" key={`${mistake.file} ${mistake.message}`}>
            <StateGlyph state="critical" word="not read" />
            <p>
              <code>
                {mistake.file}
                {mistake.line === null ? '' : `:${mistake.line}`}
              </code>{' '}
              {mistake.message}
            </p>
          </div>
        ))}
        {error && !data ? null : (
          <div className="card">{data ? <RuleList rules={data.items} /> : <TableSkeleton rows={3} />}</div>
        )}
      </Section>
      <Notifiers />
    </>
  );
}

function RuleList({ rules }: { rules: readonly Rule[] }) {
  if (rules.length === 0)
    return (
      <Empty title="No rule is set up." line={exampleRule}>
        Put a file like this into the rules directory. It is read at once.
      </Empty>
    );
  return (
    <ul className="rule-list">
      {rules.map((rule) => (
        <li key={`${rule.file} ${rule.group} ${rule.name}`}>
          <StateGlyph
            state={rule.lastError === null ? glyphs[rule.state] : 'warning'}
            word={rule.lastError === null ? words[rule.state] : 'cannot be asked'}
          />
          <div className="rule-words">
            <p>
              <strong>{rule.name}</strong> {rule.expression}
              {rule.forMs > 0 ? ` for ${span(rule.forMs)}` : ''}
            </p>
            <p className="muted small">
              <code>{rule.file}</code>, group {rule.group}
              {rule.labels['severity'] === undefined ? '' : `, ${rule.labels['severity']}`}
              {rule.alerts === 0 ? '' : `, ${rule.alerts} ${rule.alerts === 1 ? 'alert' : 'alerts'}`}
            </p>
            {rule.lastError === null ? null : <p className="rule-error">{rule.lastError}</p>}
          </div>
          <span className="muted small rule-when">
            {rule.lastEvaluationAt === null ? (
              'not asked yet'
            ) : (
              <>
                <Ago at={rule.lastEvaluationAt} prefix="asked " />
                {rule.lastEvaluationMs === null ? '' : `, took ${join(duration(rule.lastEvaluationMs))}`}
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
