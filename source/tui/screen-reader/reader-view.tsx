import { useApp, useStdout } from 'ink';
import { useEffect } from 'react';
import { InputRouter } from '../input-router.tsx';
import type { App } from '../model/app.ts';
import { suspendToShell } from '../suspend.ts';
import { type Spoken, spokenOf } from './spoken.ts';

/** Changes that come together are read once. */
const pauseMs = 60;

/**
 * The program without a screen: whatever the person is at is printed as lines,
 * each once, so that a screen reader follows as it follows a shell.
 */
export function ReaderView({ app }: { readonly app: App }) {
  const { exit, suspendTerminal } = useApp();
  const { write } = useStdout();
  useEffect(() => {
    app.terminal = { exit, suspend: () => void suspendToShell(suspendTerminal) };
  }, [app, exit, suspendTerminal]);
  useEffect(() => {
    let last: Spoken = { place: '', item: '', message: '' };
    let timer: NodeJS.Timeout | undefined;
    const speak = () => {
      timer = undefined;
      const now = spokenOf(app);
      const lines = [
        now.message !== last.message ? now.message : '',
        now.place !== last.place ? now.place : '',
        now.item !== last.item || now.place !== last.place ? now.item : '',
      ].filter((line) => line !== '');
      last = now;
      if (lines.length > 0) write(`${lines.join('\n')}\n`);
    };
    const later = () => {
      timer ??= setTimeout(speak, pauseMs);
    };
    const models = [
      app,
      app.list,
      app.detail,
      app.harvest,
      app.marks,
      app.prompt,
      app.search,
      app.menu,
      app.palette,
      app.split,
      app.weights,
      app.feedback,
      app.snapshots,
      app.dashboard,
      app.logs,
      app.logs.log,
      app.logs.errors,
      app.jobs,
    ];
    const leave = models.map((model) => model.subscribe(later));
    later();
    return () => {
      clearTimeout(timer);
      for (const each of leave) each();
    };
  }, [app, write]);
  return <InputRouter target={app} />;
}
