import type { Action } from '../../domain/key-bindings.ts';
import { parseMoment, resolveMoment } from '../../domain/search-moment.ts';
import { parseSearch } from '../../domain/search-parser.ts';
import { formatCount } from '../text/format.ts';
import type { App } from './app.ts';
import type { MenuItem } from './menu-desk.ts';
import { sayError } from './messages.ts';
import { askReport } from './report-action.ts';

const letters = '23456789bcdefghiopqrtuwxyz';

/** What the keys of the dashboard do. */
export const dashboardActions: Partial<Record<Action, (app: App) => void>> = {
  'show-dashboard': (app) => {
    app.update({ screen: 'dashboard', detailOpen: false });
    if (app.read().message?.undo) app.update({ message: null });
  },
  'open-behind': openBehind,
  'next-pane': (app) => app.dashboard.movePane(1),
  'previous-pane': (app) => app.dashboard.movePane(-1),
  'later-column': (app) => app.dashboard.moveColumn(1),
  'earlier-column': (app) => app.dashboard.moveColumn(-1),
  'next-window': (app) => app.dashboard.changeWindow(1),
  'previous-window': (app) => app.dashboard.changeWindow(-1),
  'earlier-window': (app) => app.dashboard.shiftWindow(-1),
  'later-window': (app) => {
    if (app.dashboard.read().endsAt === null) app.say('the window ends now already');
    else app.dashboard.shiftWindow(1);
  },
  'newest-window': (app) => void app.holdingKeys(() => showNewest(app)),
  'current-window': (app) => app.dashboard.endAt(null),
  'window-until': askEnd,
  'choose-view': (app) => void app.holdingKeys(() => openViews(app)),
  'choose-search': askSearch,
  'write-report': askReport,
};

function openBehind(app: App): void {
  const search = app.dashboard.behind;
  if (search === null) {
    app.say(app.dashboard.row === null ? 'nothing is selected' : 'there are no signals behind a time');
    return;
  }
  app.update({ screen: 'signals', detailOpen: false });
  app.detail.forget();
  void app.list.choose({ filter: 'all', search, view: null }, app.triage.settled());
  app.say('3 goes back to the dashboard');
}

async function showNewest(app: App): Promise<void> {
  try {
    const { rows } = await app.harvester.signals.page({ order: 'newest', limit: 1 });
    const [newest] = rows;
    if (newest === undefined) app.say('there is no signal yet');
    else app.dashboard.endAt(endOfDay(newest.createdAt));
  } catch (error) {
    sayError(app.say, 'the newest signal could not be read', error);
  }
}

/** The next midnight. */
function endOfDay(at: number): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
}

function askEnd(app: App): void {
  app.prompt.ask({
    label: 'show the window that ends on',
    hint: 'a day (2026-11-01), a time (2026-11-01T09:00) or so long ago (30d); Enter shows it',
    submit: (text) => {
      const moment = parseMoment(text.trim());
      if (moment === null) return 'write a day such as 2026-11-01, or 30d';
      const at = resolveMoment(moment, app.now(), app.dashboard.timeZone);
      // A day is meant with all its hours.
      const isDay = moment.moment === 'day' || (moment.moment === 'local' && moment.text.length === 10);
      app.dashboard.endAt(isDay ? endOfDay(at) : at);
      return null;
    },
  });
}

function askSearch(app: App): void {
  app.prompt.ask({
    label: 'only signals that match',
    hint: 'a search as on the signals screen; nothing shows all',
    text: app.dashboard.read().search,
    submit: (text) => {
      const parsed = parseSearch(text);
      if (!parsed.ok) return `${parsed.error.message}; ${parsed.error.fix}`;
      void app.dashboard.choose({ view: null, search: text.trim() });
      return null;
    },
  });
}

async function openViews(app: App): Promise<void> {
  try {
    const views = await app.harvester.views.list();
    const all: MenuItem = {
      key: 'a',
      label: 'all signals',
      run: () => void app.dashboard.choose({ view: null, search: '' }),
    };
    const items = views.map(
      ({ name, query, count, problem }, index): MenuItem => ({
        key: letters[index] ?? '',
        label: name,
        note:
          problem === null
            ? `${count === null ? '' : `${formatCount(count.count)}${count.capped ? '+' : ''}  `}${query}`
            : '✕ its search cannot be read any more',
        run: () => void app.dashboard.choose({ view: name, search: query }),
      }),
    );
    const { view } = app.dashboard.read();
    app.menu.open(
      { title: 'show which signals?', items: [all, ...items] },
      1 + views.findIndex(({ name }) => name === view),
    );
  } catch (error) {
    sayError(app.say, 'the views could not be read', error);
  }
}
