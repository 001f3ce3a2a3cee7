import { Box, useApp } from 'ink';
import { useEffect } from 'react';
import { footerLine } from './components/footer.ts';
import { Header } from './components/header.tsx';
import { LineView } from './components/line-view.tsx';
import { LinesView } from './components/lines-view.tsx';
import { MenuView } from './components/menu-view.tsx';
import { hintLine, messageLine } from './components/message-line.ts';
import { PaletteView } from './components/palette-view.tsx';
import { searchHintLine, searchLine } from './components/search-lines.ts';
import { useObserved } from './components/use-observed.ts';
import { InputRouter } from './input-router.tsx';
import { bodyRows, fitOf } from './layout.ts';
import type { App } from './model/app.ts';
import { DashboardScreen } from './screens/dashboard/dashboard-screen.tsx';
import { DiagnosticsView } from './screens/feedback/diagnostics-view.tsx';
import { HarvestScreen } from './screens/harvest/harvest-screen.tsx';
import { LogsScreen } from './screens/logs/logs-screen.tsx';
import { RetentionScreen } from './screens/retention/retention-screen.tsx';
import { SignalsScreen } from './screens/signals/signals-screen.tsx';
import { SplitView } from './screens/signals/split-view.tsx';
import { WeightsView } from './screens/signals/weights-view.tsx';
import { suspendToShell } from './suspend.ts';
import { span } from './text/spans.ts';

interface AppViewProps {
  readonly app: App;
  readonly topic: string;
  readonly demo: boolean;
  /** For the overlay: the version, where things are kept. */
  readonly about: readonly string[];
  /** What has to be put off while the shell has the terminal. */
  readonly pausing?: { pause(): void; resume(): void };
}

/** The frame: header, body, message line, footer; always exactly as large as the terminal. */
export function AppView({ app, topic, demo, about, pausing }: AppViewProps) {
  const { exit, suspendTerminal } = useApp();
  const state = useObserved(app);
  // The footer offers what applies now, and that depends on both.
  useObserved(app.list);
  useObserved(app.harvest);
  useObserved(app.marks);
  useObserved(app.jobs);
  useObserved(app.snapshots);
  useObserved(app.logs);
  const prompt = useObserved(app.prompt);
  const search = useObserved(app.search);
  const menu = useObserved(app.menu);
  const palette = useObserved(app.palette);
  const split = useObserved(app.split);
  const weights = useObserved(app.weights);
  const feedback = useObserved(app.feedback);
  const { size, screen } = state;
  const { columns, rows } = size;

  useEffect(() => {
    const suspend = async () => {
      pausing?.pause();
      await suspendToShell(suspendTerminal);
      pausing?.resume();
    };
    app.terminal = { exit, suspend: () => void suspend() };
  }, [app, exit, suspendTerminal, pausing]);

  if (fitOf(size) === 'none') {
    const lines = [[span(`${columns}x${rows} is too small`)], [span('60x16 is enough')], [span('q quits')]];
    return (
      <Box width="100%" height={rows} overflow="hidden">
        <InputRouter target={app} />
        <LinesView lines={lines.slice(0, rows)} columns={columns} rows={rows} />
      </Box>
    );
  }
  const rowsOfBody = bodyRows(size);
  const body =
    palette.place !== null ? (
      <PaletteView app={app} about={about} columns={columns} rows={rowsOfBody} />
    ) : split.signalId !== null ? (
      <SplitView app={app} />
    ) : weights.open ? (
      <WeightsView app={app} />
    ) : feedback.bundle !== null ? (
      <DiagnosticsView app={app} />
    ) : screen === 'harvest' ? (
      <HarvestScreen app={app} />
    ) : screen === 'dashboard' ? (
      <DashboardScreen app={app} />
    ) : screen === 'retention' ? (
      <RetentionScreen app={app} />
    ) : screen === 'logs' ? (
      <LogsScreen app={app} />
    ) : (
      <SignalsScreen app={app} />
    );
  const place = app.place();
  return (
    <Box flexDirection="column" width="100%" height={rows} overflow="hidden">
      <InputRouter target={app} />
      <Header app={app} topic={topic} demo={demo} />
      <Box height={rowsOfBody} overflow="hidden" flexShrink={0}>
        {body}
        {menu.menu !== null && <MenuView app={app} columns={columns} rows={rowsOfBody} />}
      </Box>
      <LineView
        line={place === 'search' ? searchLine(search, columns) : messageLine(state, prompt)}
        columns={columns}
      />
      <LineView
        line={
          place === 'prompt'
            ? hintLine(prompt, columns)
            : place === 'search'
              ? searchHintLine(search, columns)
              : footerLine(app.keyMap, place, app.keyState(), columns)
        }
        columns={columns}
      />
    </Box>
  );
}
