import type { LogPattern } from '../../../../src/http/contract/telemetry.js';
import type { DeployMark, TimeFrame } from '../../charts/flags.js';
import { Sparkline } from '../../charts/sparkline.js';
import { severityColors } from '../../charts/colors.js';
import { Ago } from '../../ui/ago.js';
import { Num } from '../../ui/num.js';
import { ServiceName } from '../../ui/service-name.js';
import { PlanFix } from '../problems/plan-fix.js';
import { Severity } from './severity.js';

interface PatternsProps {
  patterns: readonly LogPattern[];
  marks: readonly DeployMark[];
  frame: TimeFrame;
  onPick: (pattern: LogPattern) => void;
}

/** Lines that are the same but for their numbers and names, the most frequent first. */
export function Patterns({ patterns, marks, frame, onPick }: PatternsProps) {
  const span = frame.to - frame.from;
  const sparkMarks = marks.map((mark) => ({
    at: (mark.at - frame.from) / span,
    label: `${mark.service} ${mark.version}`,
  }));
  return (
    <div className="card table-scroll log-patterns">
      <table className="table log-patterns-table">
        <thead>
          <tr>
            <th scope="col" className="right">
              Lines
            </th>
            <th scope="col">Over time</th>
            <th scope="col">Severity</th>
            <th scope="col">Example</th>
            <th scope="col">Service</th>
            <th scope="col">First seen</th>
            <th scope="col">Last seen</th>
            <th scope="col" aria-label="What to do" />
          </tr>
        </thead>
        <tbody>
          {patterns.map((pattern) => (
            <tr key={`${pattern.fingerprint} ${pattern.service} ${pattern.severity}`}>
              <td className="right">
                <Num value={pattern.count} />
              </td>
              <td data-column="time">
                <Sparkline
                  points={pattern.points}
                  color={severityColors[pattern.severity] ?? 'var(--information-fill)'}
                  marks={sparkMarks}
                  label={`${pattern.count} lines over the time range`}
                />
              </td>
              <td>
                <Severity band={pattern.severity} />
              </td>
              <td className="grow" data-column="example">
                <button
                  type="button"
                  className="log-pattern-sample clip"
                  title={`${pattern.sample.slice(0, 1000)}\n\nClick to see its lines`}
                  onClick={() => onPick(pattern)}
                >
                  {pattern.sample.slice(0, 400)}
                </button>
              </td>
              <td>
                <ServiceName service={pattern.service} />
              </td>
              <td data-column="first">
                <Ago at={pattern.firstSeen} />
              </td>
              <td>
                <Ago at={pattern.lastSeen} />
              </td>
              <td>
                <PlanFix
                  size="compact-xs"
                  from={{ kind: 'pattern', service: pattern.service, fingerprint: pattern.fingerprint }}
                  label={pattern.sample.slice(0, 80)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
