import type { Leader } from '../domain/insight.ts';
import type { Report, ReportExample } from '../domain/report.ts';
import {
  type Dates,
  datesOf,
  formatChange,
  formatCount,
  formatDuration,
  formatShare,
  hasPast,
  negativeShare,
  plural,
} from './figures.ts';
import { findingsOf } from './findings.ts';
import { headlinesOf } from './headlines.ts';
import { escapeMarkdown, markdownLink, markdownTable } from './markdown-text.ts';
import { safeAddress } from './markup.ts';
import { methodOf } from './method.ts';
import { categoryRows, leaderRows } from './rows.ts';
import { subjectOf, titleOf } from './title.ts';

/** The report as GitHub-flavoured Markdown, without charts. */
export function renderMarkdown(report: Report): string {
  const dates = datesOf(report);
  return `${[
    ...head(report, dates),
    '## At a glance',
    findingsOf(report, dates)
      .map((finding) => `- ${escapeMarkdown(finding)}`)
      .join('\n'),
    markdownTable(
      ['', 'Now', 'Change'],
      headlinesOf(report, dates).map(({ name, value, change }) => [name, value, change]),
    ),
    ...volume(report, dates),
    ...categories(report, dates),
    ...sentiment(report),
    ...decisions(report, dates),
    ...lists(report),
    '## Appendix: method',
    methodOf(report, dates)
      .map(({ name, text }) => `- **${escapeMarkdown(name)}.** ${escapeMarkdown(text)}`)
      .join('\n'),
    ...(report.method.analyzers.length === 0
      ? []
      : [
          markdownTable(
            ['Analyzer', 'Signals'],
            report.method.analyzers.map(({ analyzer, signals, capped }) => [
              analyzer,
              `${formatCount(signals)}${capped ? '+' : ''}`,
            ]),
          ),
        ]),
  ].join('\n\n')}\n`;
}

function head(report: Report, dates: Dates): readonly string[] {
  const { insight, timeZone } = report;
  const subject = subjectOf(report);
  return [
    `# ${escapeMarkdown(titleOf(report))}`,
    `${escapeMarkdown(dates.span(insight.span))} (${escapeMarkdown(timeZone)}), compared with ${escapeMarkdown(dates.span(insight.previous))}`,
    ...(subject === null ? [] : [`${escapeMarkdown(subject.label)} ${escapeMarkdown(subject.search)}`]),
    ...(insight.capped
      ? ['> There was too much to read in the time for an answer: the counts below are lower bounds.']
      : []),
  ];
}

function volume({ insight }: Report, dates: Dates): readonly string[] {
  const { bucket, bucketStarts, posts, signals, spikes } = insight;
  return [
    '## Volume and spikes',
    markdownTable(
      [bucket === 'day' ? 'Day' : 'Hour', 'Posts', 'New signals'],
      bucketStarts.map((at, index) => [
        dates.bucketInFull(at),
        posts.buckets[index] ?? 0,
        signals.buckets[index] ?? 0,
      ]),
    ),
    spikes.length === 0
      ? 'No spikes: in no hour were there far more signals than usual.'
      : markdownTable(
          ['Spike', 'What', 'Count', 'Usual'],
          spikes.map(({ since, until, category, count, usual }) => [
            dates.span({ since, until }),
            category ?? 'all signals',
            count,
            Math.round(usual * 10) / 10,
          ]),
        ),
  ];
}

function categories({ insight, categories: reports }: Report, dates: Dates): readonly string[] {
  if (insight.signals.total === 0) return ['## Signals by category', 'No signals in this span.'];
  const { heads, rows } = categoryRows(insight);
  return [
    '## Signals by category',
    markdownTable(heads, rows),
    ...reports
      .filter(({ examples }) => examples.length > 0)
      .flatMap(({ category, examples }) => [
        `### ${escapeMarkdown(category)}`,
        examples.map((example) => exampleText(example, dates)).join('\n'),
      ]),
  ];
}

function sentiment({ insight }: Report): readonly string[] {
  const now = negativeShare(insight, 'total');
  if (now === null) return [];
  const { negative, neutral, positive } = insight.sentiment;
  const all = negative.total + neutral.total + positive.total;
  const compares = hasPast(insight);
  const named = [
    ['negative', negative],
    ['neutral', neutral],
    ['positive', positive],
  ] as const;
  return [
    '## Sentiment',
    markdownTable(
      ['Signals that sound', 'Count', 'Share', ...(compares ? ['Before', 'Change'] : [])],
      named.map(([name, { total, before }]) => [
        name,
        total,
        formatShare(total / all),
        ...(compares ? [before, formatChange(total, before)] : []),
      ]),
    ),
  ];
}

function decisions({ decisions: made }: Report, dates: Dates): readonly string[] {
  if (made.decisions === 0) return ['## What was decided', 'Nobody decided anything in this span.'];
  return [
    '## What was decided',
    `${plural(made.decisions, 'decision')} about ${plural(made.signals, 'signal')}${made.capped ? ' at least' : ''}.`,
    markdownTable(
      ['Decision', 'Signals'],
      made.outcomes.map(({ outcome, signals }) => [outcome, signals]),
    ),
    markdownTable(
      ['Who', 'Decisions', 'Signals', 'Half within'],
      made.people.map(({ actor, decisions: count, signals, medianToDecisionMs }) => [
        actor,
        count,
        signals,
        medianToDecisionMs === null ? '–' : formatDuration(medianToDecisionMs),
      ]),
    ),
    ...(made.escalated.length === 0
      ? []
      : [
          '### Escalated',
          made.escalated
            .map(
              (each) =>
                `${exampleText(each, dates)}; escalated by ${escapeMarkdown(each.by)} on ${dates.moment(each.decidedAt)}`,
            )
            .join('\n'),
        ]),
  ];
}

function lists({ insight }: Report): readonly string[] {
  const { sources, terms, tags, authors } = insight;
  const list = (head: string, leaders: readonly Leader[]) => {
    const { heads, rows } = leaderRows(insight, head, leaders);
    return rows.length === 0 ? [] : [markdownTable(heads, rows)];
  };
  return [
    '## Sources and words',
    ...list('Source', sources),
    ...list('Rising term', terms),
    ...list('Tag', tags),
    ...list('Author', authors),
  ];
}

/** One item of a list, on one line. */
function exampleText(example: ReportExample, dates: Dates): string {
  const { id, title, text, author, source, url, createdAt, echoes, salience, status } = example;
  const quote = [...(title === null ? [] : [`**${escapeMarkdown(title)}**`]), escapeMarkdown(text)]
    .filter((part) => part !== '')
    .join(' ');
  const facts = [
    ...(status === 'inbox' ? [] : [status]),
    ...(author === null ? [] : [author]),
    source,
    dates.moment(createdAt),
    ...(echoes === 0 ? [] : [plural(echoes, 'echo', 'echoes')]),
    ...(salience === null ? [] : [`salience ${Math.round(salience)}`]),
  ].map(escapeMarkdown);
  const address = safeAddress(url);
  const read = address === null ? [] : [markdownLink(address.href, `read it at ${address.hostname}`)];
  return `- ${quote}<br>*${[...facts, `signal ${id}`, ...read].join(' · ')}*`;
}
