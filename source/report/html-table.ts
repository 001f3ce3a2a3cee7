import { formatCount } from './figures.ts';
import { html, type Markup } from './markup.ts';

type Cell = string | number | Markup;

/** More columns may not fit on a narrow screen: such a table scrolls in a place of its own, with the keyboard too. */
const widestWhole = 5;

/** A table whose first column names its rows; numbers stand at the right. */
export function table(caption: string, heads: readonly string[], rows: readonly (readonly Cell[])[]): Markup {
  const amounts = heads.map((_, column) => column > 0 && rows.every((row) => isAmount(row[column])));
  const whole = html`<table>
<caption>${caption}</caption>
<thead><tr>${heads.map((head, column) => html`<th scope="col"${amountClass(amounts[column])}>${head}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (row) => html`<tr>${row.map((cell, column) =>
    column === 0
      ? html`<th scope="row">${write(cell)}</th>`
      : html`<td${amountClass(amounts[column])}>${write(cell)}</td>`,
  )}</tr>
`,
)}</tbody>
</table>`;
  if (heads.length <= widestWhole) return whole;
  return html`<section class="scroll" aria-label="${caption}" tabindex="0">${whole}</section>`;
}

/** The numbers behind a chart, folded away. */
export function dataTable(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
): Markup {
  return html`<details><summary>The numbers<span class="unseen"> of: ${caption}</span></summary>
${table(caption, heads, rows)}
</details>`;
}

function amountClass(isAmountColumn: boolean | undefined): Markup | false {
  return isAmountColumn === true && html` class="amount"`;
}

/** Numbers, and what is said about numbers: a change, a share, a duration. */
function isAmount(cell: Cell | undefined): boolean {
  return (
    typeof cell === 'number' ||
    (typeof cell === 'string' && /^(?:[+−×\d]|under|as before$|new$|$|–$)/.test(cell))
  );
}

function write(cell: Cell): Markup {
  return html`${typeof cell === 'number' ? formatCount(cell) : cell}`;
}
