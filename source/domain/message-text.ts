import { cleanLine, cleanText } from './clean.ts';
import { describeTrend } from './digest.ts';
import { headlineOf, type Message, type SignalFacts } from './message.ts';
import { listWords } from './rules.ts';
import { shorten } from './shorten.ts';
import { fillTemplate } from './template.ts';

const headlineCharacters = 100;
const postCharacters = 1200;

/** What a message is about on one line: the subject of an e-mail, the words of a desktop notice. */
export function subjectOf(message: Message): string {
  switch (message.type) {
    case 'signal': {
      const { signal, occasion } = message;
      const prefix = { new: '', woke: 'Awake again: ', regressed: 'Back again: ' }[occasion];
      return `${prefix}${nameOf(signal.category)} ${Math.round(signal.salience)}: ${short(headlineOf(signal))}`;
    }
    case 'update':
      return `${capital(message.change)}: ${short(headlineOf(message.signal))}`;
    case 'digest': {
      const { every, total } = message.digest;
      const what = every === 'daily' ? 'Daily digest' : 'Weekly digest';
      return `${what}: ${total === 0 ? 'all quiet' : plural(total, 'signal')}`;
    }
    case 'spike':
      return {
        start: `Spike in ${message.subject}: ${plural(message.count, 'post')} in an hour, usually ${usually(message.usual)}`,
        peak: `Spike in ${message.subject} grows: ${plural(message.count, 'post')} in an hour`,
        end: `Spike in ${message.subject} is over`,
      }[message.phase];
    case 'event':
      return short(message.title);
    case 'test':
      return 'Signal Harvester can reach you here';
  }
}

/** The whole message as plain text: e-mail, standard output, and what is sent when a service refuses more. */
export function textOf(message: Message): string {
  return cleanText(linesOf(message).join('\n'));
}

function linesOf(message: Message): readonly string[] {
  switch (message.type) {
    case 'signal': {
      const { signal, template } = message;
      if (template !== 'full' && template !== 'short')
        return [fillTemplate(template, signal, (text) => text)];
      if (template === 'short') {
        return [subjectOf(message), linkOf(signal), lookUp(signal)].filter((line) => line !== '');
      }
      return [
        titleOf(message),
        linkOf(signal),
        '',
        shorten(postOf(signal), { characters: postCharacters }),
        '',
        signal.explanation,
        originOf(signal),
        countsOf(signal),
        lookUp(signal),
      ].filter((line, index) => line !== '' || index > 1);
    }
    case 'update':
      return [
        subjectOf(message),
        linkOf(message.signal),
        countsOf(message.signal),
        lookUp(message.signal),
      ].filter((line) => line !== '');
    case 'digest':
      return [
        subjectOf(message),
        ...message.digest.groups.flatMap((group) => [
          '',
          `${nameOf(group.category)}: ${group.count} (${describeTrend(group, message.digest.every)})`,
          ...group.top.map(
            ({ id, salience, headline, source }) =>
              `- ${Math.round(salience)}: ${short(headline)} [${source}, signal ${id}]`,
          ),
          ...(group.count > group.top.length ? [`- and ${group.count - group.top.length} more`] : []),
        ]),
      ];
    case 'spike':
      return [
        subjectOf(message),
        describeEpisode(message),
        ...message.top.map(({ id, headline }) => `- ${short(headline)} [signal ${id}]`),
      ];
    case 'event':
      return [subjectOf(message), clockOf(message.at), '', message.text];
    case 'test':
      return [subjectOf(message), 'This is a test; nothing has happened.'];
  }
}

/** "Outage, salience 87": for a message in which the post itself stands below. */
export function titleOf({ signal, occasion }: Extract<Message, { type: 'signal' }>): string {
  const prefix = { new: '', woke: 'Awake again: ', regressed: 'Back again: ' }[occasion];
  const mark = signal.status === 'escalated' ? 'Escalated: ' : '';
  return `${mark}${prefix}${nameOf(signal.category)}, salience ${Math.round(signal.salience)}`;
}

/** "since 14:05 UTC" while it lasts; when it started, peaked and ended after that. */
export function describeEpisode(message: Extract<Message, { type: 'spike' }>): string {
  const { phase, startedAt, endedAt, peak, peakAt, usual } = message;
  const peaked = `peak ${plural(peak, 'post')} in an hour at ${clockOf(peakAt)}`;
  if (phase === 'end' && endedAt !== null) {
    return `From ${clockOf(startedAt)} to ${clockOf(endedAt)}, ${peaked}; usual are ${usually(usual)}.`;
  }
  return `Since ${clockOf(startedAt)}${phase === 'peak' ? `, ${peaked}` : ''}; usual are ${usually(usual)}.`;
}

/** The post: its title, and its text where that says more. */
export function postOf({ title, text }: Pick<SignalFacts, 'title' | 'text'>): string {
  const parts = [title, text].filter((part) => part !== null && part.trim() !== '');
  return title !== null && text.startsWith(title) ? text : parts.join('\n');
}

export function originOf({ source, author, createdAt }: SignalFacts): string {
  const by = author === null ? '' : ` by ${author}`;
  return `On ${source}${by}, ${clockOf(createdAt)}`;
}

/** "12 likes, 3 replies; 4 echoes, on hn and x"; only what there is. */
export function countsOf({ engagement, echoes, sources }: SignalFacts): string {
  const reactions = [
    [engagement.likes, 'like'],
    [engagement.reposts, 'repost'],
    [engagement.replies, 'reply', 'replies'],
    [engagement.quotes, 'quote'],
  ] as const;
  const counted = reactions.flatMap(([count, one, many]) => (count === 0 ? [] : [plural(count, one, many)]));
  const parts = [
    counted.length === 0 ? 'no reactions yet' : counted.join(', '),
    echoes === 0 ? 'no echoes' : plural(echoes, 'echo', 'echoes'),
    ...(sources.length > 1 ? [`on ${listWords(sources)}`] : []),
  ];
  return parts.join('; ');
}

export function lookUp({ id }: Pick<SignalFacts, 'id'>): string {
  return `signal-harvester show ${id}`;
}

function linkOf({ url }: SignalFacts): string {
  return url ?? '';
}

/** "Outage". */
export function nameOf(category: string): string {
  return capital(category);
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** "2026-11-20 14:05 UTC". */
export function clockOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export function usually(rate: number): string {
  if (rate < 0.1) return 'almost none';
  return rate < 10 ? String(Math.round(rate * 10) / 10) : String(Math.round(rate));
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function short(headline: string): string {
  return shorten(cleanLine(headline), { characters: headlineCharacters });
}
