import type { SourceQuestion } from '../../../harvester/setup.ts';
import type { Candidate } from '../../model/wizard.ts';
import { plural } from '../../text/format.ts';
import { cell, type Line, span } from '../../text/spans.ts';
import { wrapWords } from '../../text/wrap-text.ts';

const titleColumns = 20;

export const candidateHeading: Line = [
  span('  '),
  cell('KEEP', 4, 'heading'),
  span('  '),
  cell('SOURCE', titleColumns, 'heading'),
  span('WHAT IT FOUND', 'heading'),
];

/** A source of the wizard behind the cursor mark and the state glyph: kept or not, what trying it has shown. */
export function candidateLine({ proposal, report }: Candidate): Line {
  return [cell(labelOf(proposal), titleColumns), ...findings(report)];
}

/** Its kind for a person, and its name where that says more. */
function labelOf({ title, config }: Candidate['proposal']): string {
  const letters = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  return letters(title) === letters(config.name) ? title : `${title} ${config.name}`;
}

export function keepBox({ kept }: Candidate): Line[number] {
  return cell(kept ? '[x]' : '[ ]', 4, kept ? 'strong' : 'quiet');
}

export function glyphOfReport(report: Candidate['report']): Line[number] {
  if (report === null) return span('  ', 'quiet');
  if (!report.ok) return span('✕ ', 'bad');
  return report.found === 0 ? span('! ', 'warning') : span('✓ ', 'good');
}

function findings(report: Candidate['report']): Line {
  if (report === null) return [span('trying it …', 'quiet')];
  if (!report.ok) return [span(report.error?.message ?? 'it could not be read', 'bad')];
  if (report.found === 0) return [span('works, but has no posts now', 'warning')];
  const [example] = report.examples;
  return [
    span(plural(report.found, 'post'), 'strong'),
    span(example === undefined ? '' : `, e.g. ${example}`),
  ];
}

/** All about the source under the cursor. */
export function aboutCandidate({ proposal, report }: Candidate, columns: number): Line[] {
  const { name, kind } = proposal.config;
  const say = (text: string, tone: Line[number]['tone'] = 'plain'): Line[] =>
    wrapWords(text, columns).map((line) => [span(line, tone)]);
  const about = say(`${name} (${kind}) listens to ${proposal.target}`, 'quiet');
  if (report === null) return about;
  if (!report.ok) {
    const { message = 'it could not be read', fix = null } = report.error ?? {};
    return [
      ...about,
      ...say(message, 'bad'),
      ...(fix === null ? [] : say(fix)),
      ...say('It may still be kept: every harvest tries it again.', 'quiet'),
    ];
  }
  return [
    ...about,
    ...report.examples.flatMap((example) => say(`· ${example}`).slice(0, 2)),
    ...report.warnings.slice(0, 3).flatMap((warning) => say(`! ${warning}`, 'warning')),
  ];
}

export function questionLine({ title, prompt }: SourceQuestion): Line {
  return [cell('+', 4, 'accent'), span('  '), cell(title, titleColumns), span(prompt, 'quiet')];
}
