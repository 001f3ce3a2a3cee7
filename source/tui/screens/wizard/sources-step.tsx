import { Box } from 'ink';
import { Beat } from '../../components/beat.tsx';
import { LineView } from '../../components/line-view.tsx';
import { LinesView } from '../../components/lines-view.tsx';
import { bodyRows } from '../../layout.ts';
import { textOfPrompt } from '../../model/prompt.ts';
import type { Candidate, Wizard, WizardState } from '../../model/wizard.ts';
import { cutText } from '../../text/fit-text.ts';
import { blankLine, type Line, rule, span } from '../../text/spans.ts';
import {
  aboutCandidate,
  candidateHeading,
  candidateLine,
  glyphOfReport,
  keepBox,
  questionLine,
} from './candidate-lines.ts';
import { errorLines } from './prompt-steps.tsx';

interface StepProps {
  readonly wizard: Wizard;
  readonly state: WizardState;
}

/** The proposed sources, each tried as it is shown, and a row for each way to add another. */
export function SourcesStep({ wizard, state }: StepProps) {
  const { candidates, cursor, size, topic, error } = state;
  const { columns } = size;
  const rows = bodyRows(size);
  const head: Line[] = [
    blankLine,
    [
      span('  Where to listen for '),
      span(cutText(textOfPrompt(topic), 40), 'strong'),
      span('? Each source is tried now.'),
    ],
    blankLine,
    candidateHeading,
  ];
  const room = Math.max(1, rows - head.length - 1);
  const all = candidates.length + wizard.questions.length;
  const tableRows = Math.min(all, Math.max(1, room - 6));
  const top = Math.max(0, Math.min(cursor.index - tableRows + 1, all - tableRows));
  const selected = candidates[cursor.index];
  const about =
    error !== null
      ? errorLines(error, columns)
      : selected === undefined
        ? [[span('  Enter asks for it.', 'quiet')]]
        : aboutCandidate(selected, columns - 4).map((line): Line => [span('  '), ...line]);
  return (
    <Box flexDirection="column" width={columns}>
      <LinesView lines={head} columns={columns} rows={head.length} />
      {Array.from({ length: tableRows }, (_, offset) => top + offset).map((index) => (
        <StepRow key={index} wizard={wizard} candidate={candidates[index]} index={index} columns={columns} />
      ))}
      <LineView line={rule(selected?.proposal.title ?? '', columns)} columns={columns} />
      <LinesView lines={about} columns={columns} rows={Math.max(0, room - tableRows)} />
    </Box>
  );
}

interface RowProps {
  readonly wizard: Wizard;
  readonly candidate: Candidate | undefined;
  readonly index: number;
  readonly columns: number;
}

function StepRow({ wizard, candidate, index, columns }: RowProps) {
  const { cursor, candidates } = wizard.read();
  const isSelected = cursor.index === index;
  const marker = span(isSelected ? '> ' : '  ');
  const question = wizard.questions[index - candidates.length];
  if (candidate === undefined) {
    const line = question === undefined ? [] : [marker, ...questionLine(question)];
    return <LineView line={isSelected ? striped(line) : line} columns={columns} />;
  }
  const before: Line = [marker, keepBox(candidate)];
  const after = candidateLine(candidate);
  if (candidate.report !== null) {
    const line = [...before, glyphOfReport(candidate.report), ...after];
    return <LineView line={isSelected ? striped(line) : line} columns={columns} />;
  }
  return (
    <Box>
      <LineView line={isSelected ? striped(before) : before} columns={7} />
      <Beat tone={isSelected ? 'selected' : 'accent'} />
      <LineView line={isSelected ? striped(after) : after} columns={columns - 9} />
    </Box>
  );
}

function striped(line: Line): Line {
  return [span(line.map((piece) => piece.text).join(''), 'selected')];
}
