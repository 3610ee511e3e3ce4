import type { Suspect } from '../../../src/http/contract/suspects.js';
import type { Severity } from '../../../src/model/alerts.js';
import type { Incident } from '../../../src/model/incidents.js';
import { listed } from '../../incidents/sentence.js';
import { about, count, percent } from '../../rules/words.js';
import type { NoticeContent } from '../notifier.js';
import { escaped, link } from './text.js';

/** `verbatim`: names and addresses in the text are text (Block Kit, "Text object"). */
export interface Mrkdwn {
  readonly type: 'mrkdwn';
  readonly text: string;
  readonly verbatim: true;
}

export type Block =
  | { readonly type: 'section'; readonly text: Mrkdwn }
  | { readonly type: 'section'; readonly fields: readonly Mrkdwn[] }
  | { readonly type: 'context'; readonly elements: readonly Mrkdwn[] };

export interface SlackMessage {
  /** For notifications and screen readers, which do not show blocks. */
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly channel?: string;
}

const glyphs: Readonly<Record<Severity, string>> = {
  critical: ':red_circle:',
  warning: ':large_orange_circle:',
  info: ':large_blue_circle:',
};

/**
 * Limits of Slack: 50 blocks, 3,000 characters a section, 2,000 a field; together about 13,200
 * (`msg_blocks_too_long`, slackapi/bolt-js issue 2509). With these all of it stays far below.
 */
const maxSentence = 1200;
const maxAlerts = 8;
const maxEvidence = 3;
const maxLine = 300;

/** What a channel reads: the sentence, who may have caused it, how grave, where, and links. Pure. */
export function slackMessage(content: NoticeContent, channel: string | undefined): SlackMessage {
  const { incident, event } = content;
  const blocks: Block[] = [section(`${headline(content)}\n${sentence(content)}`)];
  if (event === 'firing') {
    blocks.push(...suspectBlocks(content), ...alertBlocks(content));
  }
  if (event !== 'test') blocks.push({ type: 'section', fields: fieldsOf(incident) });
  blocks.push({ type: 'context', elements: [mrkdwn(linkLine(content))] });
  const text = `${word(content)} ${escaped(incident.title, 200)}: ${escaped(incident.summary, 1000)}`;
  return { text, blocks, ...(channel === undefined ? {} : { channel }) };
}

/**
 * The same message when an earlier attempt may have arrived: Slack has no key by which it would know a
 * repetition, so the people who read it are told.
 */
export function repeated(message: SlackMessage): SlackMessage {
  const words =
    'Sent again: Lemni was stopped in the middle of sending it and does not know whether it arrived.';
  return { ...message, blocks: [...message.blocks, { type: 'context', elements: [mrkdwn(words)] }] };
}

function word({ event, reopened, incident: { number } }: NoticeContent): string {
  if (event === 'test') return 'Test:';
  if (event === 'resolved') return `Resolved #${number}`;
  return reopened ? `Firing again #${number}` : `Firing #${number}`;
}

function headline({ event, reopened, incident, links }: NoticeContent): string {
  const { severity, number, title } = incident;
  if (event === 'test') return `:wave: *${link(links.incident, title)}*`;
  const name = `*${link(links.incident, `#${number} ${title}`)}*`;
  if (event === 'resolved') return `:white_check_mark: ${name} is resolved`;
  return `${glyphs[severity]} ${name}${reopened ? ' fires again' : ''}`;
}

function sentence({ event, incident, at }: NoticeContent): string {
  if (event !== 'resolved') return escaped(incident.summary, maxSentence);
  return `It lasted ${about((incident.resolvedAt ?? at) - incident.openedAt)}. It was: ${escaped(incident.summary, maxSentence)}`;
}

function suspectBlocks({ suspect, incident, links }: NoticeContent): Block[] {
  if (suspect === null) {
    const { lastDeploy } = incident;
    if (lastDeploy === null) return [];
    const who = lastDeploy.actor === '' ? '' : ` by ${lastDeploy.actor}`;
    const name = linked(links.release, `${lastDeploy.service} ${lastDeploy.version}`);
    const ago = about(Math.max(0, incident.openedAt - lastDeploy.at));
    return [section(`*Last deploy* ${name}${escaped(who, 100)}, ${ago} before`)];
  }
  const name = linked(links.release, suspect.title);
  const lines = [`*Suspect* ${name}, ${percent(probability(suspect))}`];
  for (const { text } of suspect.evidence.slice(0, maxEvidence)) lines.push(`> ${escaped(text, maxLine)}`);
  return [section(lines.join('\n'))];
}

/** Whole percents: more digits would promise more than is known. */
function probability({ probability: value }: Suspect): number {
  return Math.round(value * 100) / 100;
}

function linked(url: string | null, label: string): string {
  return url === null ? escaped(label, 200) : link(url, label);
}

/** Several alerts say each what is wrong; a single one has said it in the sentence. */
function alertBlocks({ alerts }: NoticeContent): Block[] {
  if (alerts.length < 2) return [];
  const lines = alerts.slice(0, maxAlerts).map(({ reason }) => `• ${escaped(reason, maxLine)}`);
  const left = alerts.length - lines.length;
  if (left > 0) lines.push(`and ${count(left)} more`);
  return [section(lines.join('\n'))];
}

function fieldsOf({ severity, services, environment }: Incident): Mrkdwn[] {
  const fields = [mrkdwn(`*Severity*\n${severity}`)];
  const label = services.length === 1 ? 'Service' : 'Services';
  if (services.length > 0) fields.push(mrkdwn(`*${label}*\n${escaped(listed(services), 500)}`));
  if (environment !== '') fields.push(mrkdwn(`*Environment*\n${escaped(environment, 200)}`));
  return fields;
}

function linkLine({ links, suspect, event }: NoticeContent): string {
  const release = suspect === null ? 'Last release' : 'Suspect release';
  const parts = [link(links.incident, event === 'test' ? 'Lemni' : 'Incident')];
  if (links.release !== null) parts.push(link(links.release, release));
  parts.push(link(links.traces, 'Failed requests'), link(links.logs, 'Logs'));
  return parts.join('  ');
}

function section(text: string): Block {
  return { type: 'section', text: mrkdwn(text) };
}

function mrkdwn(text: string): Mrkdwn {
  return { type: 'mrkdwn', text, verbatim: true };
}
