import type { Impact } from '../../../../src/http/contract/problems.js';
import { Ago } from '../../ui/ago.js';
import { Num } from '../../ui/num.js';
import { Section } from '../../ui/section.js';

/** What it costs users, and how its place in the list comes about. */
export function ProblemImpact({ impact }: { impact: Impact }) {
  return (
    <Section title="What it costs">
      <div className="card problem-impact">
        <dl>
          <Part name="people hit" value={impact.people} />
          <Part name="requests failed" value={impact.requestsFailed} />
          <Part name="minutes it was seen in" value={impact.minutes} />
          <Part name="feedback about it" value={impact.feedback} />
          <div className="problem-impact-sum">
            <dt>cost, by which it is ranked</dt>
            <dd>
              <Num value={impact.score} />
            </dd>
          </div>
        </dl>
        <p className="muted small problem-arithmetic">{impact.arithmetic}</p>
        {impact.people === null ? (
          <p className="muted small">
            Nothing in its telemetry tells people apart: give spans or logs a <code>user.id</code> or{' '}
            <code>session.id</code>.
          </p>
        ) : null}
        {impact.from === null ? null : (
          <p className="muted small">
            Counted <Ago at={impact.from} prefix="since " />.
          </p>
        )}
      </div>
    </Section>
  );
}

function Part({ name, value }: { name: string; value: number | null }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Num value={value} />
      </dd>
    </div>
  );
}
