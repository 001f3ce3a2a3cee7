/**
 * How the page looks: light and dark by what the reader prefers, one column on
 * a narrow screen, dark on white on paper. All colours of text have a contrast
 * of 4.5 to 1 or more on both grounds, those of charts 3 to 1.
 */
export const style = `
:root {
  color-scheme: light dark;
  --page: #fff; --raised: #f5f7fa; --line: #d5dbe3; --text: #1b2330; --quiet: #566173;
  --accent: #0b57a4; --main: #3b78b8; --second: #8a6fb8; --marked: #b4471a;
  --negative: #bf4f1c; --neutral: #84909f; --positive: #16806a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #11161d; --raised: #1a212b; --line: #364252; --text: #e7edf4; --quiet: #a3b0c0;
    --accent: #8abfff; --main: #5c9fe0; --second: #b196e0; --marked: #f08a54;
    --negative: #ea8450; --neutral: #6f7c8d; --positive: #45b99c;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 62rem; padding: 1.5rem 1.25rem 4rem;
  background: var(--page); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
  overflow-wrap: break-word;
}
h1 { font-size: 1.9rem; line-height: 1.2; margin: .2rem 0 .4rem; letter-spacing: -.01em; }
h2 { font-size: 1.3rem; margin: 3rem 0 .75rem; padding-top: .6rem; border-top: 2px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
p { margin: .5rem 0; max-width: 46rem; }
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
code { font: .9em ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.kind { color: var(--quiet); font-size: .8rem; font-weight: 600; letter-spacing: .06em; text-transform: uppercase; margin: 0; }
.quiet { color: var(--quiet); }
.skip { position: absolute; left: -100vw; }
.skip:focus { position: static; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.notice { border-left: 4px solid var(--marked); background: var(--raised); padding: .6rem .9rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; margin: 1rem 0 0; padding: 0; font-size: .9rem; }
nav a { display: inline-block; padding: .25rem 0; }
.findings { background: var(--raised); border-radius: .5rem; padding: 1rem 1.25rem 1rem 2.25rem; margin: 1.25rem 0; }
.findings li { margin: .3rem 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 1rem 0; padding: 0; }
.figures > div { border: 1px solid var(--line); border-radius: .5rem; padding: .7rem .8rem; }
.figures dt { font-size: .85rem; color: var(--quiet); }
.figures dd { margin: 0; font-size: .85rem; color: var(--quiet); }
.figures dd.number { font-size: 1.7rem; line-height: 1.25; font-weight: 650; color: var(--text); font-variant-numeric: tabular-nums; }
figure { margin: 1.25rem 0; }
figcaption { font-weight: 600; margin-bottom: .5rem; }
figcaption span { font-weight: 400; color: var(--quiet); }
.chart { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .5rem; }
.scale { display: flex; flex-direction: column; justify-content: space-between; align-items: flex-end; height: 168px; margin-top: 5px; font-size: .75rem; line-height: 18px; color: var(--quiet); font-variant-numeric: tabular-nums; }
svg { display: block; overflow: visible; }
svg text { font-size: 12px; fill: var(--quiet); text-anchor: middle; }
svg text.first { text-anchor: start; }
svg text.mark { font-size: 11px; fill: var(--marked); }
.grid { fill: var(--line); } .main { fill: var(--main); } .second { fill: var(--second); } .marked { fill: var(--marked); }
.negative { fill: var(--negative); } .neutral { fill: var(--neutral); } .positive { fill: var(--positive); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.25rem; list-style: none; padding: 0; margin: .5rem 0 0; font-size: .85rem; color: var(--quiet); }
.legend svg { display: inline-block; vertical-align: -1px; margin-right: .4rem; }
.multiples { display: grid; grid-template-columns: repeat(auto-fill, minmax(12.5rem, 1fr)); gap: 1rem 1.5rem; list-style: none; padding: 0; margin: 0; }
.multiples p { margin: 0 0 .25rem; font-size: .9rem; display: flex; justify-content: space-between; gap: .5rem; }
details { margin: .5rem 0; font-size: .9rem; }
summary { cursor: pointer; color: var(--accent); padding: .25rem 0; width: fit-content; }
.scroll { overflow-x: auto; }
.tables { columns: 2 20rem; column-gap: 2rem; }
.tables table { break-inside: avoid; margin: 0 0 1.5rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: .75rem 0; }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--quiet); font-weight: 600; font-size: .8rem; white-space: nowrap; }
tbody th { font-weight: 500; overflow-wrap: anywhere; }
.amount { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tbody th svg { margin-top: .25rem; min-width: 5rem; }
.examples { list-style: none; margin: 0; padding: 0; }
.examples > li { border-left: 3px solid var(--line); padding: .1rem 0 .1rem 1rem; margin: 1rem 0; break-inside: avoid; }
blockquote { margin: 0; max-width: 46rem; white-space: pre-line; }
blockquote strong { display: block; }
.about { color: var(--quiet); font-size: .85rem; margin: .25rem 0 0; max-width: none; }
.badge { border: 1px solid currentColor; border-radius: 1rem; padding: 0 .5rem; font-size: .78rem; white-space: nowrap; }
.method dt { font-weight: 600; margin-top: .75rem; } .method dd { margin: 0; max-width: 46rem; }
footer { margin-top: 3rem; color: var(--quiet); font-size: .85rem; }
@media (max-width: 36rem) {
  body { padding: 1rem 1rem 3rem; }
  h1 { font-size: 1.5rem; }
  .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .multiples { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .75rem 1rem; }
  .multiples p { flex-wrap: wrap; gap: 0 .5rem; }
  .wide { display: none; }
}
@media print {
  :root {
    color-scheme: light;
    --page: #fff; --raised: #fff; --line: #c3cad3; --text: #000; --quiet: #404852;
    --accent: #0b3d73; --main: #3b78b8; --second: #8a6fb8; --marked: #b4471a;
    --negative: #bf4f1c; --neutral: #84909f; --positive: #16806a;
  }
  @page { size: A4; margin: 16mm 15mm 18mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav, .skip, details { display: none; }
  .findings { border: 1px solid var(--line); margin: .5rem 0; padding: .5rem 1rem .5rem 2rem; }
  .findings li { margin: .1rem 0; }
  .figures { grid-template-columns: repeat(4, 1fr); gap: .5rem; margin: .5rem 0; }
  .figures > div { padding: .35rem .6rem; }
  .figures dd.number { font-size: 1.3rem; }
  figure { margin: .75rem 0; }
  h2, h3, caption, thead, figcaption { break-after: avoid; }
  figure, .figures > div, tr { break-inside: avoid; }
  h2 { margin-top: 1.5rem; }
  svg rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
