import type { Report, ReportExample } from '../domain/report.ts';
import { type Dates, formatCount, formatDuration, plural } from './figures.ts';
import { categoryCharts, paceChart } from './html-charts.ts';
import { table } from './html-table.ts';
import { html, link, type Markup, safeAddress } from './markup.ts';
import { categoryRows } from './rows.ts';

export function categorySection(report: Report, dates: Dates): Markup {
  const { insight, categories } = report;
  if (insight.signals.total === 0) return html`<p>No signals in this span.</p>`;
  const { heads, rows } = categoryRows(insight);
  return html`${table('Categories', heads, rows)}
${categoryCharts(report, dates)}
${categories
  .filter(({ examples }) => examples.length > 0)
  .map(({ category, description, examples }) => {
    const total = insight.categories.find((each) => each.category === category)?.total ?? 0;
    return html`<h3>${category} <span class="quiet">${plural(total, 'signal')}</span></h3>
${description !== '' && html`<p class="quiet">${description}</p>`}
<ol class="examples">${examples.map(
      (example) => html`<li>${exampleMarkup(example, dates)}</li>
`,
    )}</ol>
`;
  })}`;
}

export function decisionSection(report: Report, dates: Dates): Markup {
  const { decisions, insight } = report;
  const { pace } = insight;
  const { inboxAges } = pace;
  const waiting = inboxAges.filter(({ count }) => count > 0);
  return html`${paceChart(report, dates)}
${
  decisions.decisions === 0
    ? html`<p>Nobody decided anything in this span.</p>`
    : html`<p>${plural(decisions.decisions, 'decision')} about ${plural(decisions.signals, 'signal')}${decisions.capped && html` at least`}. What was taken back is not counted, nor what the program did by itself.</p>
<div class="tables">
${table(
  'What was done',
  ['Decision', 'Signals'],
  decisions.outcomes.map(({ outcome, signals }) => [outcome, signals]),
)}
${table(
  'By whom',
  ['Who', 'Decisions', 'Signals', 'Half within'],
  decisions.people.map(({ actor, decisions: made, signals, medianToDecisionMs }) => [
    actor,
    made,
    signals,
    medianToDecisionMs === null ? '–' : formatDuration(medianToDecisionMs),
  ]),
)}
</div>`
}
${
  decisions.escalated.length > 0 &&
  html`<h3>Escalated</h3>
<ol class="examples">${decisions.escalated.map(
    (example) => html`<li>${exampleMarkup(example, dates)}
<p class="about">Escalated by ${example.by} on ${dates.moment(example.decidedAt)}</p></li>
`,
  )}</ol>`
}
${
  waiting.length > 0 &&
  html`<div class="tables">${table(
    'Waiting in the inbox now, by age',
    ['Age', 'Signals'],
    inboxAges.map(({ label, count }) => [label, count]),
  )}</div>`
}`;
}

/** A signal as it is quoted: the words, who said them where and when, and how it stands. */
function exampleMarkup(example: ReportExample, dates: Dates): Markup {
  const { id, title, text, author, source, url, createdAt, echoes, salience, urgency, sentiment, status } =
    example;
  const facts = [
    ...(author === null ? [] : [author]),
    source,
    html`<time datetime="${dates.machine(createdAt)}">${dates.moment(createdAt)}</time>`,
    ...(echoes === 0 ? [] : [plural(echoes, 'echo', 'echoes')]),
    ...(sentiment === null ? [] : [sentiment]),
    ...(urgency === null || urgency === 0 ? [] : [`urgency ${urgency}`]),
    ...(salience === null ? [] : [`salience ${formatCount(Math.round(salience))}`]),
    `#${id}`,
  ];
  return html`<blockquote dir="auto">${title !== null && html`<strong>${title}</strong>`}${text}</blockquote>
<p class="about">${status !== 'inbox' && html`<span class="badge">${status}</span> `}${facts.map(
    (fact, index) => html`${index > 0 && html` · `}${fact}`,
  )}${addressOf(url, id)}</p>`;
}

function addressOf(url: string | null, id: number): Markup | false {
  const address = safeAddress(url);
  if (address === null) return false;
  const words = html`read it at ${address.hostname}<span class="unseen">, signal ${id}</span>`;
  return html` · ${link(address.href, words)}`;
}
