import { resolve } from 'node:path';
import type { Action } from '../../domain/key-bindings.ts';
import { exportSignals } from '../../harvester/export-file.ts';
import { type ExportFormat, exportFormats, formatOf } from '../../harvester/export-formats.ts';
import { formatCount, plural } from '../text/format.ts';
import type { App } from './app.ts';
import { sayError } from './messages.ts';
import { describeOrder, nextFilter, nextOrder } from './signal-filter.ts';
import { openViews } from './view-actions.ts';

/** What keys do to the list and with what it shows. */
export const listActions: Partial<Record<Action, (app: App) => void>> = {
  'next-signal': (app) => void app.list.move(1),
  'previous-signal': (app) => void app.list.move(-1),
  search: (app) => app.search.open(),
  'next-hit': (app) => void app.list.move(1),
  'previous-hit': (app) => void app.list.move(-1),
  views: (app) => void app.holdingKeys(() => openViews(app)),
  'next-undecided': (app) => seekUndecided(app, 1),
  'previous-undecided': (app) => seekUndecided(app, -1),
  mark,
  'mark-range': markRange,
  'mark-all': (app) => void app.holdingKeys(() => markAll(app)),
  'cycle-filter': (app) => {
    void app.list.choose({ filter: nextFilter(app.list.read().filter) }, app.triage.settled());
    app.say(`showing: ${app.list.read().filter}`);
  },
  'cycle-order': (app) => {
    void app.list.choose({ order: nextOrder(app.list.read().order) }, app.triage.settled());
    app.say(`order: ${describeOrder(app.list.read().order)}`);
  },
  'open-link': (app) => void openLink(app),
  'copy-link': (app) => {
    const { row } = app.list;
    if (row !== null) void copy(app, row.url === null ? 'the text' : 'the link', row.url ?? row.text);
  },
  'copy-text': (app) => {
    const { row } = app.list;
    if (row !== null)
      void copy(app, 'the text', [row.title, row.text, row.url].filter((part) => part !== null).join('\n'));
  },
  export: askExport,
};

function mark(app: App): void {
  const { row } = app.list;
  if (row === null) return;
  const { anchor } = app.marks.read();
  if (anchor !== null) closeRange(app);
  else {
    app.marks.toggle(row.id);
    void app.list.move(1);
  }
}

function markRange(app: App): void {
  const { row } = app.list;
  if (row === null) return;
  if (app.marks.read().anchor !== null) closeRange(app);
  else {
    app.marks.anchorAt(row.id);
    app.say('a range begins here: move, then V or space ends it; a decision takes it as it is');
  }
}

function closeRange(app: App): void {
  app.marks.add(app.list.markedIds());
  app.say(`${plural(app.marks.read().ids.size, 'signal')} marked`);
}

/** Marks what matches now: what arrives later is not among it unless it matches when the decision falls. */
async function markAll(app: App): Promise<void> {
  const { query } = app.list;
  try {
    const count = app.list.read().count ?? (await app.harvester.signals.count(query));
    app.marks.markAll(query, count);
    const many = `${formatCount(count.count)}${count.capped ? '+' : ''}`;
    app.say(`all ${many} that match are marked; esc takes the marks away`);
  } catch (error) {
    sayError(app.say, 'not marked', error);
  }
}

function seekUndecided(app: App, direction: 1 | -1): void {
  if (!app.list.seek(direction, (row) => row.status === 'inbox')) {
    app.say(direction === 1 ? 'no undecided signal below' : 'no undecided signal above');
  }
}

async function openLink(app: App): Promise<void> {
  const url = app.list.row?.url;
  if (url == null) return;
  try {
    const refusal = await app.openLink(url);
    app.say(refusal === null ? `opened ${url}` : `${refusal}: ${url}`);
  } catch (error) {
    sayError(app.say, 'the link could not be opened', error);
  }
}

async function copy(app: App, what: string, text: string): Promise<void> {
  try {
    app.say(`copied ${what} ${await app.copyText(text)}`);
  } catch (error) {
    sayError(app.say, 'not copied', error);
  }
}

/** Reads the list again; says what came above. */
export async function refresh(app: App): Promise<void> {
  const above = app.list.read().cursor.index;
  app.detail.forget();
  await app.list.refresh(app.triage.settled());
  const came = app.list.read().cursor.index - above;
  if (app.list.read().phase === 'ready')
    app.say(came > 0 ? `read again: ${came} new above, g goes there` : 'read again');
}

function askExport(app: App): void {
  const { query, selection } = app.list;
  app.prompt.ask({
    label: 'export what is shown to',
    hint: `the ending says the format: ${exportFormats.map((format) => `.${format}`).join(', ')}; a file of that name is replaced`,
    text: `signals-${selection.filter}.csv`,
    submit: (name) => {
      if (name === '') return 'write the name of a file, or press Esc';
      const format = formatOf(name);
      if (format === null) return `end the name with ${exportFormats.map((each) => `.${each}`).join(', ')}`;
      void exportTo(app, query, resolve(name), format);
      return null;
    },
  });
}

async function exportTo(
  app: App,
  query: App['list']['query'],
  path: string,
  format: ExportFormat,
): Promise<void> {
  app.say(`exporting to ${path} …`);
  const request = {
    harvester: app.harvester,
    query,
    limit: Number.POSITIVE_INFINITY,
    signal: new AbortController().signal,
    about: { at: app.now(), topic: query.search ?? '' },
  };
  try {
    await app.triage.settled();
    const { signals, capped } = await exportSignals(request, path, format);
    const more = capped ? '; the words are common, so older matches are not in it' : '';
    app.say(`wrote ${plural(signals, 'signal')} to ${path}${more}`, { tone: 'good' });
  } catch (error) {
    sayError(app.say, 'not exported', error);
  }
}
