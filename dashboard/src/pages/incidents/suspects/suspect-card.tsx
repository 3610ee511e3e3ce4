import { UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconCloudQuestion, IconRocket } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import type { Evidence, Suspect } from '../../../../../src/http/contract/suspects.js';
import { InnerLink } from './inner-link.js';
import { kindWord, probable, pull } from './words.js';

/** Lines that are shown before somebody asks for all of them. */
const shownFirst = 3;

/** One suspect: how probable, and why. */
export function SuspectCard({ suspect, first }: { suspect: Suspect; first: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const shown = isOpen ? suspect.evidence : suspect.evidence.slice(0, first ? shownFirst : 0);
  const hidden = suspect.evidence.length - shown.length;
  const Glyph = suspect.releaseId === null ? IconCloudQuestion : IconRocket;
  const percent = Math.round(suspect.probability * 100);
  return (
    <li className="suspect card" data-release={suspect.releaseId !== null} data-first={first}>
      <div className="suspect-head">
        <Glyph size={18} stroke={1.7} aria-hidden />
        <span className="suspect-title">
          {suspect.releaseId === null ? (
            suspect.title
          ) : (
            <Link to="/releases/$id" params={{ id: suspect.releaseId }}>
              {suspect.title}
            </Link>
          )}
        </span>
        <span className="suspect-probability num">{probable(suspect.probability)}</span>
      </div>
      <div className="suspect-bar" role="presentation">
        <span style={{ inlineSize: `${percent}%` }} />
      </div>
      <ul className="evidence-list" id={id}>
        {shown.map((evidence, index) => (
          <EvidenceLine key={`${evidence.kind} ${index}`} evidence={evidence} />
        ))}
      </ul>
      {hidden > 0 || isOpen ? (
        <UnstyledButton
          className="suspect-why small"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? <IconChevronUp size={14} aria-hidden /> : <IconChevronDown size={14} aria-hidden />}
          {isOpen
            ? 'Less'
            : shown.length > 0
              ? `${hidden} more ${hidden === 1 ? 'reason' : 'reasons'}`
              : 'Why?'}
          <span className="visually-hidden"> for {suspect.title}</span>
        </UnstyledButton>
      ) : null}
    </li>
  );
}

function EvidenceLine({ evidence }: { evidence: Evidence }) {
  const { word, direction } = pull(evidence.weight);
  const says =
    direction === 'neither'
      ? 'says little either way'
      : `${word.slice(1)} times ${direction === 'for' ? 'more' : 'less'} probable for it`;
  return (
    <li className="evidence">
      <span className="evidence-pull num small" data-direction={direction} title={says}>
        <span aria-hidden>{direction === 'neither' ? '·' : word}</span>
        <span className="visually-hidden">{says}</span>
      </span>
      <span className="evidence-words">
        <span className="muted small evidence-kind">{kindWord(evidence.kind)}</span>
        {evidence.link === null ? (
          evidence.text
        ) : (
          <InnerLink href={evidence.link} className="evidence-link">
            {evidence.text}
          </InnerLink>
        )}
      </span>
    </li>
  );
}
