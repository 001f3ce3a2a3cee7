import type { KnownBlock, MrkdwnElement, PlainTextElement } from '@slack/web-api';
import { cleanLine } from '../domain/clean.ts';
import { describeTrend } from '../domain/digest.ts';
import type { Message, SignalFacts } from '../domain/message.ts';
import {
  clockOf,
  countsOf,
  describeEpisode,
  lookUp,
  nameOf,
  originOf,
  postOf,
  subjectOf,
  textOf,
  titleOf,
} from '../domain/message-text.ts';
import { shorten } from '../domain/shorten.ts';
import { fillTemplate } from '../domain/template.ts';
import { slackFence, slackLine, slackLink, slackText } from './slack-text.ts';

/** A message in Slack's form: what is shown, and the words of the notice that a phone shows. */
export interface SlackBody {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

// https://docs.slack.dev/reference/block-kit/blocks: documented limits, less a margin.
const sectionLength = 2_900;
const fieldLength = 1_900;
const headerLength = 140;
const noticeLength = 3_000;
const postCharacters = 700;
const lineCharacters = 120;
const mostDigestGroups = 12;

/** Nothing in a message can become a mention, a link or a command: all text is escaped, and only our own links are made. */
export function slackBody(message: Message): SlackBody {
  return { text: slackLine(subjectOf(message), 300, noticeLength), blocks: blocksOf(message) };
}

/** The same in plain words, for a Slack that refuses the blocks. */
export function plainSlackBody(message: Message): { readonly text: string } {
  return { text: slackText(textOf(message), 1_500, noticeLength) };
}

function blocksOf(message: Message): KnownBlock[] {
  switch (message.type) {
    case 'signal':
      return signalBlocks(message);
    case 'update':
      return [
        section(`*${slackLine(`${subjectOf(message)}`, 200, sectionLength - 2)}*`),
        context(
          [
            `${Math.round(message.signal.salience)} salience`,
            countsOf(message.signal),
            lookUp(message.signal),
          ],
          message.signal.url,
        ),
      ];
    case 'digest':
      return [
        header(subjectOf(message)),
        ...message.digest.groups
          .slice(0, mostDigestGroups)
          .map((group) =>
            section(
              [
                `*${slackLine(nameOf(group.category), 40, 200)}: ${group.count}* (${describeTrend(group, message.digest.every)})`,
                ...group.top.map((line) => digestLine(line)),
                ...(group.count > group.top.length ? [`and ${group.count - group.top.length} more`] : []),
              ].join('\n'),
            ),
          ),
        context([`rule ${message.rule}`, 'each number is a signal: signal-harvester show NUMBER'], null),
      ];
    case 'spike':
      return [
        header(subjectOf(message)),
        section(
          [
            slackLine(describeEpisode(message), 300, 900),
            ...message.top.map(({ id, headline }) => `• ${slackLine(headline, lineCharacters, 400)} (${id})`),
          ].join('\n'),
        ),
        context([`rule ${message.rule}`], null),
      ];
    case 'event':
      return [
        header(subjectOf(message)),
        section(slackFence(message.text, postCharacters, sectionLength)),
        context([clockOf(message.at), `rule ${message.rule}`], null),
      ];
    case 'test':
      return [header(subjectOf(message)), section('This is a test; nothing has happened.')];
  }
}

function signalBlocks(message: Extract<Message, { type: 'signal' }>): KnownBlock[] {
  const { signal, template, rule } = message;
  if (template !== 'full' && template !== 'short') {
    // What the configuration wrote may mention people; what a post wrote may not.
    const text = fillTemplate(template, signal, (fact) => slackLine(fact, 200, 500));
    return [section(text.length > sectionLength ? slackText(text, 2_000, sectionLength) : text)];
  }
  const escalated = signal.status === 'escalated' ? ['escalated'] : [];
  if (template === 'short') {
    return [
      section(`*${slackLine(subjectOf(message), 200, sectionLength - 2)}*`),
      context([...escalated, originOf(signal), countsOf(signal), lookUp(signal)], signal.url),
    ];
  }
  return [
    header(titleOf(message)),
    section(slackFence(postOf(signal), postCharacters, sectionLength)),
    {
      type: 'section',
      fields: [
        field('Source', signal.author === null ? signal.source : `${signal.source}, by ${signal.author}`),
        field('Reactions', countsOf(signal)),
        field('Feeling', `${signal.sentiment}, urgency ${signal.urgency} of 5`),
        field('Tags', signal.tags.length === 0 ? 'none' : signal.tags.slice(0, 5).join(', ')),
      ],
    },
    context([`Salience ${signal.explanation}`], null),
    context([...escalated, writtenAt(signal), `rule ${rule}`, lookUp(signal)], signal.url),
  ];
}

function writtenAt({ createdAt }: SignalFacts): string {
  return `written ${new Date(createdAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function digestLine(line: {
  readonly id: number;
  readonly salience: number;
  readonly headline: string;
  readonly url: string | null;
}): string {
  const words = shorten(cleanLine(line.headline), { characters: 80 });
  const link = slackLink(line.url, 'open');
  return `• ${Math.round(line.salience)} ${slackLine(words, 80, 200)} (${line.id}${link !== null && link.length < 250 ? `, ${link}` : ''})`;
}

function header(text: string): KnownBlock {
  const plain: PlainTextElement = {
    type: 'plain_text',
    // Plain text is not parsed, so nothing is escaped; emoji codes stay the words they are.
    text: shorten(cleanLine(text), { characters: headerLength, length: headerLength }) || '(no text)',
    emoji: false,
  };
  return { type: 'header', text: plain };
}

function section(text: string): KnownBlock {
  return { type: 'section', text: mrkdwn(text) };
}

function field(name: string, value: string): MrkdwnElement {
  return mrkdwn(`*${name}*\n${slackLine(value, 200, fieldLength - 20)}`);
}

function context(parts: readonly string[], url: string | null): KnownBlock {
  const link = slackLink(url, 'Open the post');
  const text = parts.map((part) => slackLine(part, 300, 600)).join(' · ');
  return { type: 'context', elements: [mrkdwn(link === null ? text : `${text} · ${link}`)] };
}

/** `verbatim` keeps Slack from making links and mentions of its own accord. */
function mrkdwn(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}
