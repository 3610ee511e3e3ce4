import { createHash } from 'node:crypto';
import { cleanText } from '../../src/lib/text.js';
import {
  problemName,
  type Problem,
  type SignaturePart,
  type Verification,
} from '../../src/model/problems.js';
import { number, word } from '../problems/rank.js';

/** What a ticket's text is made of. */
export interface TicketFacts {
  readonly problem: Problem;
  readonly verification: Verification | undefined;
  readonly incidents: readonly { readonly id: string; readonly number: number; readonly title: string }[];
  /** The release that is probably to blame, in a sentence; undefined: none is named. */
  readonly suspect: string | undefined;
  /** Without a slash at its end. */
  readonly publicUrl: string;
}

const end = '<!-- lemni:end -->';
/** GitHub takes 256 characters of title and 65,536 of body. */
const maxTitle = 240;
const maxParts = 12;
const maxPartChars = 200;

/** The text by which a problem's ticket is known again. */
export function problemMarker(problemId: string): string {
  return `<!-- lemni:problem:${problemId} -->`;
}

export function commentMarker(opId: string): string {
  return `<!-- lemni:comment:${opId} -->`;
}

export function ticketTitle({ title }: Pick<Problem, 'title'>): string {
  return cleanText(title.replace(/\s+/g, ' ').trim(), maxTitle);
}

/** `3 people, 1 failed request, 12 minutes, 2 feedbacks`. */
function impactWords({ people, requestsFailed, minutes, feedback }: Problem['impact']): string {
  const counted = (n: number, one: string, many = `${one}s`): string => `${number(n)} ${word(n, one, many)}`;
  return [
    ...(people === null ? [] : [counted(people, 'person', 'people')]),
    counted(requestsFailed, 'failed request'),
    counted(minutes, 'minute'),
    counted(feedback, 'feedback'),
  ].join(', ');
}

/** Lemni's part of the ticket, between two marks; what people write around it stays. */
export function ticketSection(facts: TicketFacts): string {
  const { problem, verification, publicUrl } = facts;
  const { impact, services, environment } = problem;
  const place = `${services.join(', ') || 'no service'}${environment === '' ? '' : ` in ${environment}`}`;
  const since = new Date(problem.since).toISOString().slice(0, 16).replace('T', ' ');
  const lines = [
    problemMarker(problem.id),
    `**Impact** since ${since} UTC: ${impactWords(impact)}. Cost: ${code(impact.arithmetic)}`,
    '',
    `**Where**: ${code(place)}`,
    ...(facts.suspect === undefined ? [] : ['', `**Suspect**: ${code(facts.suspect)}`]),
    '',
    '**Seen as**',
    ...problem.signature.slice(0, maxParts).map((part) => `- ${partLine(part)}`),
    ...(problem.signature.length > maxParts ? [`- and ${problem.signature.length - maxParts} more`] : []),
    ...(verification === undefined
      ? []
      : [
          '',
          `**Fix** (${code(`${verification.service} ${verification.version}`)}): ${verification.state}. ${code(verification.sentence)}`,
        ]),
    '',
    `[${problemName(problem)} in Lemni](${publicUrl}/problems/${problem.id})${incidentLinks(facts)}`,
    '',
    `Name ${code(problemName(problem))}, or this ticket, in the \`fixes\` of the deploy that fixes it: Lemni then watches whether it did.`,
    end,
  ];
  return lines.join('\n');
}

function incidentLinks({ incidents, publicUrl }: TicketFacts): string {
  return incidents
    .slice(0, 5)
    .map(({ id, number: n }) => `, [incident ${n}](${publicUrl}/incidents/${encodeURIComponent(id)})`)
    .join('');
}

function partLine(part: SignaturePart): string {
  switch (part.kind) {
    case 'alert': {
      const operation = part.operation === '' ? '' : ` ${part.operation}`;
      return `alert ${code(part.rule)} of ${code(`${part.service}${operation}`)}`;
    }
    case 'error_group':
      return `error ${code(part.title)} in ${code(part.service)}`;
    case 'pattern':
      return `log pattern ${code(part.title)} in ${code(part.service)}`;
    case 'feedback':
    case 'feedback_group':
      return `feedback ${code(part.title)}`;
  }
}

/**
 * Text from telemetry and people as a code span: it mentions nobody, refers to no other issue, and is no HTML,
 * whatever stands in it. A mark by which Lemni's part is known is broken, since it is looked for in the text.
 */
export function code(text: string, maxChars = maxPartChars): string {
  const line = cleanText(text, maxChars)
    .replace(/\s+/g, ' ')
    .replaceAll('`', "'")
    .replaceAll('<!--', '<! --')
    .trim();
  return line === '' ? '' : `\`${line}\``;
}

/** The body with Lemni's part in it: in the place of the one that is there, else at the end. */
export function withSection(body: string, problemId: string, section: string): string {
  const from = body.indexOf(problemMarker(problemId));
  if (from < 0) return body.trim() === '' ? section : `${body.trimEnd()}\n\n${section}`;
  const until = body.indexOf(end, from);
  // Somebody removed the mark of the end: what is behind the beginning may be theirs, and stays.
  const rest =
    until < 0 ? body.slice(from + problemMarker(problemId).length) : body.slice(until + end.length);
  return body.slice(0, from) + section + rest;
}

/** What was last given, as the ticket's row keeps it. */
export interface GivenContent {
  readonly title: string;
  readonly section: string;
}

export function contentOf(title: string, section: string): string {
  const hash = createHash('sha256').update(section).digest('hex').slice(0, 32);
  return JSON.stringify({ title, section: hash } satisfies GivenContent);
}

export function givenContent(content: string): GivenContent {
  return content === '' ? { title: '', section: '' } : (JSON.parse(content) as GivenContent); // Written by contentOf.
}
