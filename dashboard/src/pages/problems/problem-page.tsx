import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ProblemDetail } from '../../../../src/http/contract/problems.js';
import { ApiError } from '../../api/errors.js';
import { useApi } from '../../api/use-api.js';
import { Ago } from '../../ui/ago.js';
import { Empty } from '../../ui/empty.js';
import { ErrorBox } from '../../ui/error-box.js';
import { PageTitle } from '../../ui/page-title.js';
import { ServiceName } from '../../ui/service-name.js';
import { TextSkeleton } from '../../ui/skeletons.js';
import { StateGlyph } from '../../ui/state-glyph.js';
import { ProblemActions } from './problem-actions.js';
import { ProblemChart } from './problem-chart.js';
import { ProblemImpact } from './problem-impact.js';
import { ProblemIncidents } from './problem-incidents.js';
import { ProblemSignature } from './problem-signature.js';
import { ProblemSteps } from './problem-steps.js';
import { ProblemTicket } from './problem-ticket.js';
import { ProblemTimeline } from './problem-timeline.js';
import { ProblemVerification } from './problem-verification.js';
import './problems.css';
import { impactSentence } from './sentences.js';
import { stateGlyphs, stateWord } from './steps.js';
import { TitleForm } from './title-form.js';
import { problemPath } from './use-problem.js';

const route = getRouteApi('/app/problems/$id');

export function ProblemPage() {
  const { id } = route.useParams();
  const problem = useApi<ProblemDetail>(problemPath(id), {}, { fresh: true });
  if (problem.data) return <Problem problem={problem.data} />;
  if (!problem.error)
    return (
      <>
        <PageTitle tab="Problem" answer={null}>
          What should we fix next?
        </PageTitle>
        <TextSkeleton lines={8} />
      </>
    );
  if (problem.error instanceof ApiError && problem.error.status === 404)
    return (
      <Empty title="There is no such problem.">
        Perhaps the link was cut short. <Link to="/problems">All problems</Link>
      </Empty>
    );
  return (
    <ErrorBox
      what="The problem could not be loaded."
      error={problem.error}
      retry={() => void problem.refetch()}
    />
  );
}

function Problem({ problem }: { problem: ProblemDetail }) {
  const [renaming, setRenaming] = useState(false);
  return (
    <>
      <PageTitle
        tab={`P-${problem.number} ${problem.title}`}
        crumb={
          <>
            <Link to="/problems">Problems</Link> / <span className="mono">P-{problem.number}</span>
          </>
        }
        lead={
          <>
            <p>{impactSentence(problem.impact)}</p>
            <Facts problem={problem} />
          </>
        }
        actions={<ProblemActions problem={problem} onRename={() => setRenaming(!renaming)} />}
      >
        {problem.title}
      </PageTitle>
      {renaming ? <TitleForm problem={problem} onDone={() => setRenaming(false)} /> : null}
      <div className="problem">
        <div className="problem-main">
          <ProblemSteps problem={problem} />
          {problem.verification ? <ProblemVerification verification={problem.verification} /> : null}
          <ProblemChart problem={problem} />
          <ProblemSignature problem={problem} />
          <ProblemTimeline problem={problem} />
        </div>
        <aside className="problem-side" aria-label="Ticket and cost">
          <ProblemTicket problem={problem} />
          <ProblemImpact impact={problem.impact} />
          <ProblemIncidents incidents={problem.incidents} />
        </aside>
      </div>
    </>
  );
}

function Facts({ problem }: { problem: ProblemDetail }) {
  return (
    <span className="problem-facts">
      <StateGlyph state={stateGlyphs[problem.state]} word={stateWord(problem)} />
      {problem.services.map((service) => (
        <ServiceName key={service} service={service} />
      ))}
      {problem.environment === '' ? null : <span>{problem.environment}</span>}
      <span>
        <Ago at={problem.createdAt} prefix="opened " />
        {problem.createdBy === '' ? '' : ` by ${problem.createdBy}`}
      </span>
    </span>
  );
}
