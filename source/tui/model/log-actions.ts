import type { Action } from '../../domain/key-bindings.ts';
import type { App } from './app.ts';
import { forgetUndo } from './retention-actions.ts';

/** What the keys of the logs screen do. */
export const logActions: Partial<Record<Action, (app: App) => void>> = {
  'show-logs': (app) => {
    forgetUndo(app);
    app.update({ screen: 'logs', detailOpen: false });
    app.logs.open(null);
    readLogs(app);
  },
  'switch-pane': (app) => {
    app.logs.switchPane();
    readLogs(app);
  },
  'open-record': (app) => {
    const record = app.logs.current();
    if (record === null) app.say('there is nothing to open');
    else app.logs.open(record);
  },
  'find-in-log': (app) =>
    app.prompt.ask({
      label: 'entries that say',
      hint: 'any words, as source=hn or timeout; nothing shows all',
      text: app.logs.log.read().text,
      submit: (text) => {
        app.logs.log.find(text.trim());
        return null;
      },
    }),
  'log-level': (app) => app.logs.log.nextLevel(),
  'wrap-log': (app) => app.logs.log.toggleWrap(),
  'resolve-error': (app) => void app.logs.errors.resolve().catch(() => undefined),
};

export function readLogs({ logs }: App): void {
  void logs.log.visit();
  void logs.errors.visit();
}
