import { Box, useApp } from 'ink';
import { useEffect } from 'react';
import { footerLine } from '../../components/footer.ts';
import { LineView } from '../../components/line-view.tsx';
import { useObserved } from '../../components/use-observed.ts';
import { InputRouter } from '../../input-router.tsx';
import { bodyRows } from '../../layout.ts';
import type { Wizard, WizardState } from '../../model/wizard.ts';
import { suspendToShell } from '../../suspend.ts';
import { type Line, span, spread } from '../../text/spans.ts';
import { AnswerStep, SavedStep, TopicStep } from './prompt-steps.tsx';
import { SourcesStep } from './sources-step.tsx';

interface WizardProps {
  readonly wizard: Wizard;
  readonly version: string;
}

const stepNumbers: Readonly<Record<WizardState['step'], number>> = {
  topic: 1,
  sources: 2,
  answer: 2,
  saved: 3,
};

/** The frame of the first run; the steps are drawn in its body. */
export function WizardView({ wizard, version }: WizardProps) {
  const { exit, suspendTerminal } = useApp();
  const state = useObserved(wizard);
  const { columns, rows } = state.size;

  useEffect(() => {
    wizard.terminal = { exit, suspend: () => void suspendToShell(suspendTerminal) };
  }, [wizard, exit, suspendTerminal]);

  const header = spread(
    [span(' SIGNAL HARVESTER', 'title'), span('  first run', 'strong')],
    [span(`step ${stepNumbers[state.step]} of 3  ${version} `, 'quiet')],
    columns,
  );
  const message: Line =
    state.message === null ? [] : [span(' '), span(state.message.text, state.message.tone)];
  return (
    <Box flexDirection="column" width="100%" height={rows} overflow="hidden">
      <InputRouter target={wizard} />
      <LineView line={header} columns={columns} />
      <Box height={bodyRows(state.size)} overflow="hidden" flexShrink={0}>
        <Step wizard={wizard} state={state} />
      </Box>
      <LineView line={message} columns={columns} />
      <LineView
        line={footerLine(wizard.keyMap, wizard.place(), wizard.keyState(), columns)}
        columns={columns}
      />
    </Box>
  );
}

function Step({ wizard, state }: { readonly wizard: Wizard; readonly state: WizardState }) {
  switch (state.step) {
    case 'topic':
      return <TopicStep state={state} />;
    case 'sources':
      return <SourcesStep wizard={wizard} state={state} />;
    case 'answer':
      return <AnswerStep wizard={wizard} state={state} />;
    case 'saved':
      return <SavedStep state={state} />;
  }
}
