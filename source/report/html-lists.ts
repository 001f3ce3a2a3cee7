import type { Insight, Leader } from '../domain/insight.ts';
import type { Report } from '../domain/report.ts';
import { type Dates, formatCount } from './figures.ts';
import { table } from './html-table.ts';
import { html, type Markup } from './markup.ts';
import { methodOf } from './method.ts';
import { leaderRows } from './rows.ts';

/** Where it was said, by whom, and in which words. */
export function sourcesSection({ insight }: Report): Markup {
  const { sources, authors, tags, terms } = insight;
  if ([sources, authors, tags, terms].every(({ length }) => length === 0)) {
    return html`<p>Nothing to list in this span.</p>`;
  }
  return html`<div class="tables">
${leaders(insight, 'Sources', 'Source', sources)}
${leaders(insight, 'Rising terms', 'Term', terms)}
${leaders(insight, 'Tags', 'Tag', tags)}
${leaders(insight, 'Authors', 'Author', authors)}
</div>`;
}

function leaders(insight: Insight, caption: string, head: string, list: readonly Leader[]): Markup | false {
  if (list.length === 0) return false;
  const most = Math.max(1, ...list.map(({ count }) => count));
  const { heads, rows } = leaderRows(insight, head, list);
  return table(
    caption,
    heads,
    rows.map(([name, ...figures], index) => [
      html`${name}${meter((list[index]?.count ?? 0) / most)}`,
      ...figures,
    ]),
  );
}

/** Its share of the largest, for the eye; the count beside it says the same. */
function meter(share: number): Markup {
  const width = `${Number((share * 100).toFixed(1))}%`;
  return html`<svg width="100%" height="5" aria-hidden="true"><rect class="main" width="${width}" height="5"/></svg>`;
}

export function methodSection(report: Report, dates: Dates): Markup {
  const { method } = report;
  return html`<dl class="method">${methodOf(report, dates).map(
    ({ name, text }) => html`<dt>${name}</dt><dd>${text}</dd>
`,
  )}</dl>
${
  method.analyzers.length > 0 &&
  table(
    'Who categorized the signals of this span',
    ['Analyzer', 'Signals'],
    method.analyzers.map(({ analyzer, signals, capped }) => [
      analyzer,
      capped ? `${formatCount(signals)}+` : signals,
    ]),
  )
}`;
}
