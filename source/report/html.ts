import { hash } from 'node:crypto';
import type { Report } from '../domain/report.ts';
import { datesOf } from './figures.ts';
import { overviewSection, sentimentSection, volumeSection } from './html-charts.ts';
import { methodSection, sourcesSection } from './html-lists.ts';
import { categorySection, decisionSection } from './html-signals.ts';
import { html, Markup } from './markup.ts';
import { style } from './style.ts';
import { subjectOf, titleOf } from './title.ts';

/** Nothing is loaded, run, sent or framed; the one style sheet is known by its hash. */
export const contentPolicy = `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'; base-uri 'none'; form-action 'none'`;

const sections = [
  ['overview', 'At a glance', overviewSection],
  ['volume', 'Volume and spikes', volumeSection],
  ['categories', 'Signals by category', categorySection],
  ['sentiment', 'Sentiment', sentimentSection],
  ['decisions', 'What was decided', decisionSection],
  ['sources', 'Sources and words', sourcesSection],
  ['method', 'Appendix: method', methodSection],
] as const;

/** The report as one HTML file that needs nothing else: no script, no font, no picture, no network. */
export function renderHtml(report: Report): string {
  const dates = datesOf(report);
  const subject = subjectOf(report);
  const page = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(contentPolicy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="generator" content="Signal Harvester ${report.method.programVersion}">
<title>${titleOf(report)}: ${dates.span(report.insight.span)}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<a class="skip" href="#overview">Skip to the report</a>
<header>
<p class="kind">Signal report</p>
<h1>${titleOf(report)}</h1>
<p>${dates.span(report.insight.span)}<span class="quiet"> (${report.timeZone}), compared with ${dates.span(report.insight.previous)}</span></p>
${subject !== null && html`<p>${subject.label} <code>${subject.search}</code></p>`}
${report.insight.capped && html`<p class="notice">There was too much to read in the time for an answer: the counts below are lower bounds.</p>`}
<nav aria-label="Sections"><ul>${sections.map(([id, heading]) => html`<li><a href="#${id}">${heading}</a></li>`)}</ul></nav>
</header>
<main>
${sections.map(
  ([id, heading, section]) => html`<section aria-labelledby="${id}">
<h2 id="${id}" tabindex="-1">${heading}</h2>
${section(report, dates)}
</section>
`,
)}</main>
<footer>
<p>Made by Signal Harvester ${report.method.programVersion} on <time datetime="${dates.machine(report.madeAt)}">${dates.moment(report.madeAt)}</time> (${report.timeZone}). Quoted posts are the words of their authors.</p>
</footer>
</body>
</html>
`;
  return page.toString();
}
