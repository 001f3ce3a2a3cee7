import { escapeMarkdown, linkMarkdown, quoteMarkdown } from '../domain/markdown.ts';
import type { ExportAbout } from './export-formats.ts';
import type { ExportedSignal } from './transfer.ts';

const headingLength = 120;
const mostEchoes = 5;

/** For a person who reads it, or pastes it into an issue: a heading, the facts and the words of each signal. */
export function markdownHead({ topic, at }: ExportAbout): string {
  const of = topic === '' ? '' : `${escapeMarkdown(topic)}, `;
  return `# Signals\n\n${of}${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC\n`;
}

export function markdownSignal({ document, salience }: ExportedSignal): string {
  const [lead, ...echoes] = document.posts;
  if (lead === undefined) throw new Error('a signal has a post');
  const heading = shorten(lead.title ?? lead.text);
  const title = lead.url === null ? escapeMarkdown(heading) : linkMarkdown(heading, lead.url);
  const facts = [
    salience === null ? null : `salience ${salience.toFixed(1)}`,
    document.status,
    document.category,
    document.sentiment,
    document.urgency === null ? null : `urgency ${document.urgency}`,
    document.assignee === null ? null : `assigned to ${document.assignee}`,
    ...document.tags.map((tag) => `#${tag}`),
  ];
  const by = [lead.author, lead.source, new Date(lead.createdAt).toISOString().slice(0, 10)];
  const parts = [
    `## ${title}`,
    list(facts),
    list(by),
    ...(lead.text === '' ? [] : [quoteMarkdown(lead.text)]),
    ...document.notes.map(({ author, text }) => `**${escapeMarkdown(author)}:** ${escapeMarkdown(text)}`),
    ...(echoes.length === 0 ? [] : [describeEchoes(echoes)]),
  ];
  return `\n${parts.join('\n\n')}\n`;
}

function describeEchoes(echoes: ExportedSignal['document']['posts']): string {
  const named = echoes.slice(0, mostEchoes).map(({ source, author, url }) => {
    const name = author === null ? source : `${author}, ${source}`;
    return `- ${url === null ? escapeMarkdown(name) : linkMarkdown(name, url)}`;
  });
  const more = echoes.length > mostEchoes ? [`- and ${echoes.length - mostEchoes} more`] : [];
  return [`${echoes.length} ${echoes.length === 1 ? 'echo' : 'echoes'}:`, '', ...named, ...more].join('\n');
}

function list(parts: readonly (string | null)[]): string {
  return parts
    .filter((part) => part !== null)
    .map(escapeMarkdown)
    .join(' · ');
}

function shorten(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > headingLength ? `${line.slice(0, headingLength - 1).toWellFormed()}…` : line;
}
