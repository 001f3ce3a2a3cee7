import { Box } from 'ink';
import { LinesView } from '../../components/lines-view.tsx';
import { LoadingNotice } from '../../components/notice.tsx';
import { promptLine } from '../../components/prompt-line.ts';
import { bodyRows } from '../../layout.ts';
import { textOfPrompt } from '../../model/prompt.ts';
import type { Wizard, WizardState } from '../../model/wizard.ts';
import { blankLine, type Line, span } from '../../text/spans.ts';
import { wrapWords } from '../../text/wrap-text.ts';

interface StepProps {
  readonly state: WizardState;
}

export function TopicStep({ state }: StepProps) {
  const { columns } = state.size;
  const lines: Line[] = [
    blankLine,
    [span('  What do you want to listen for?', 'strong')],
    ...paragraph(
      'A product, a company, a project or a few keywords: whatever people write when they mean it.',
      columns,
    ),
    blankLine,
    promptLine(state.topic, columns),
    blankLine,
    ...paragraph('No account and no key is needed. Nothing is written before the last step.', columns),
  ];
  return <LinesView lines={lines} columns={columns} rows={bodyRows(state.size)} />;
}

/** Asks for the address or the path of one more source; a failure stays below the prompt until it is mended. */
export function AnswerStep({ wizard, state }: StepProps & { readonly wizard: Wizard }) {
  const { columns } = state.size;
  const rows = bodyRows(state.size);
  const question = wizard.questions[state.asked];
  const lines: Line[] = [
    blankLine,
    [span(`  ${question?.prompt ?? ''}`, 'strong')],
    [span(`  e.g. ${question?.example ?? ''}`, 'quiet')],
    blankLine,
    promptLine(state.answer, columns),
    blankLine,
    ...(state.error === null ? [] : errorLines(state.error, columns)),
  ];
  if (!state.busy) return <LinesView lines={lines} columns={columns} rows={rows} />;
  const what = `looking at ${textOfPrompt(state.answer)}`;
  return (
    <Box flexDirection="column">
      <LinesView lines={lines} columns={columns} rows={6} />
      <LoadingNotice what={what} columns={columns} rows={Math.max(1, rows - 6)} />
    </Box>
  );
}

export function SavedStep({ state }: StepProps) {
  const { columns } = state.size;
  const kept = state.candidates.filter((candidate) => candidate.kept).length;
  const lines: Line[] = [
    blankLine,
    [span('  ✓ Written: ', 'good'), span(state.path ?? '', 'strong')],
    ...paragraph(
      `${kept === 1 ? 'One source is' : `${kept} sources are`} in it; edit it at any time.`,
      columns,
    ),
    blankLine,
    [span('  Press Enter to harvest.', 'strong')],
  ];
  return <LinesView lines={lines} columns={columns} rows={bodyRows(state.size)} />;
}

export function errorLines(error: NonNullable<WizardState['error']>, columns: number): Line[] {
  return [
    ...paragraph(`✕ ${error.message}`, columns, 'bad'),
    ...(error.fix === null ? [] : paragraph(error.fix, columns, 'plain')),
  ];
}

function paragraph(text: string, columns: number, tone: 'quiet' | 'bad' | 'plain' = 'quiet'): Line[] {
  return wrapWords(text, Math.max(10, Math.min(90, columns) - 4)).map((line) => [span(`  ${line}`, tone)]);
}
