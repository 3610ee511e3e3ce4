import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { IncidentDetail } from '../../../../../src/http/contract/incidents.js';
import type { Suspects as Answer } from '../../../../../src/http/contract/suspects.js';
import { useApi } from '../../../api/use-api.js';
import { Ago } from '../../../ui/ago.js';
import { ErrorBox } from '../../../ui/error-box.js';
import { Section } from '../../../ui/section.js';
import { TextSkeleton } from '../../../ui/skeletons.js';
import { IncidentDeploy } from '../incident-deploy.js';
import { SuspectCard } from './suspect-card.js';
import './suspects.css';
import { mostProbable } from './words.js';

/** Cards that are always there; the others are a click away. */
const shownFirst = 4;

/** Who may have caused it, the most probable first, each with its reasons. */
export function Suspects({ incident }: { incident: IncidentDetail }) {
  const [all, setAll] = useState(false);
  const path = `/api/incidents/${encodeURIComponent(incident.id)}/suspects`;
  const judged = useApi<Answer>(path, {}, { fresh: true });
  const items = judged.data?.items ?? [];
  const shown = all ? items : items.slice(0, shownFirst);
  const judgedAt = judged.data?.judgedAt ?? null;
  if (judged.error && !judged.data)
    return (
      <>
        <ErrorBox
          what="The suspects could not be loaded."
          error={judged.error}
          retry={() => void judged.refetch()}
        />
        <IncidentDeploy incident={incident} />
      </>
    );
  if (judged.data && items.length === 0) return <IncidentDeploy incident={incident} />;
  return (
    <Section
      title="What caused it?"
      note={items.length === 0 ? undefined : mostProbable(items)}
      more={judgedAt === null ? undefined : <Ago at={judgedAt} prefix="judged " />}
    >
      {judged.data ? (
        <ul className="suspect-list">
          {shown.map((suspect, index) => (
            <SuspectCard key={suspect.releaseId ?? 'none'} suspect={suspect} first={index === 0} />
          ))}
        </ul>
      ) : (
        <TextSkeleton lines={4} />
      )}
      {items.length > shown.length ? (
        <UnstyledButton className="suspect-why small" onClick={() => setAll(true)}>
          {items.length - shown.length} less probable
        </UnstyledButton>
      ) : null}
    </Section>
  );
}
