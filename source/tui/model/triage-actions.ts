import type { Sentiment } from '../../domain/analysis.ts';
import { describeRequest, nextWeekday, readSnooze, snoozeForms } from '../../domain/snooze-words.ts';
import { readTags } from '../../domain/tag-words.ts';
import type { SnoozeRequest } from '../../domain/triage.ts';
import { plural } from '../text/format.ts';
import type { App } from './app.ts';
import type { MenuItem } from './menu-desk.ts';

/** On one signal's own page, decisions are about that signal and no other. */
function alone(app: App): boolean {
  return app.screenPlace() === 'detail';
}

/** What a prompt or a menu is about, in words: "this signal", "14 signals". */
function about(app: App): string {
  const chosen = app.triage.chosen(alone(app));
  if (chosen === null || (chosen.count === 1 && !chosen.capped)) return 'this signal';
  return `${plural(chosen.count, 'signal').replace(' ', chosen.capped ? '+ ' : ' ')}`;
}

/** The row that a menu is about; null when it is about several. */
function single(app: App) {
  return app.triage.chosen(alone(app))?.marked === true ? null : app.list.row;
}

export function decide(app: App, change: Parameters<App['triage']['decide']>[0]): void {
  app.triage.decide(change, alone(app));
}

export function repeat(app: App): void {
  app.triage.repeat(alone(app));
}

export function openSnooze(app: App): void {
  const now = app.now();
  const item = (key: string, words: string, label: string): MenuItem => {
    const read = readSnooze(words, now);
    const request: SnoozeRequest = 'request' in read ? read.request : { until: 'spike' };
    return {
      key,
      label,
      note: request.until === 'time' ? describeRequest(request) : '',
      run: () => decide(app, { action: 'snooze', snooze: request }),
    };
  };
  const monday: SnoozeRequest = { until: 'time', at: nextWeekday(1, now) };
  app.menu.open({
    title: `snooze ${about(app)}`,
    items: [
      item('h', '1h', 'one hour'),
      item('t', 'tomorrow 9:00', 'tomorrow 9:00'),
      {
        key: 'm',
        label: 'Monday 9:00',
        note: describeRequest(monday),
        run: () => decide(app, { action: 'snooze', snooze: monday }),
      },
      { key: 'd', label: 'a duration or a date …', run: () => askSnooze(app, '') },
      { key: 'e', label: 'until so many more echoes …', run: () => askSnooze(app, '+') },
      item('s', 'source', 'until another source has it'),
      item('p', 'spike', 'until it spikes'),
    ],
  });
}

function askSnooze(app: App, text: string): void {
  app.prompt.ask({
    label: `snooze ${about(app)} until`,
    hint: snoozeForms,
    text,
    submit: (typed) => {
      const read = readSnooze(typed, app.now());
      if ('problem' in read) return read.problem;
      decide(app, { action: 'snooze', snooze: read.request });
      return null;
    },
    complete: (typed) => beginning(['tomorrow 9:00', 'monday 9:00', 'source', 'spike', '1h', '+5'], typed),
  });
}

export function askAssignee(app: App): void {
  const known: string[] = [];
  void readAssignees(app).then((names) => known.push(...names));
  app.prompt.ask({
    label: `assign ${about(app)} to`,
    hint: 'a name; me; nothing takes the assignee away',
    submit: (typed) => {
      const name = typed.replace(/^@/, '').trim();
      if (name.length > 60) return 'a name has at most 60 characters';
      if (name !== '')
        app.names.splice(0, app.names.length, name, ...app.names.filter((each) => each !== name));
      decide(app, { action: 'assign', assignee: name === '' ? null : name });
      return null;
    },
    complete: (typed) => {
      const rows = app.list.read().window.rows.flatMap(({ assignee }) => assignee ?? []);
      return beginning([...new Set([...app.names, ...rows, 'me', ...known])], typed.replace(/^@/, ''));
    },
  });
}

/** Those of the whole store whom most is assigned to; none when they cannot be read. */
async function readAssignees({ harvester }: App): Promise<readonly string[]> {
  const search = 'assignee:';
  try {
    const { candidates } = await harvester.signals.complete(search, search.length);
    return candidates.map(({ text }) => text.replaceAll('"', '')).filter((name) => name !== 'none');
  } catch {
    return [];
  }
}

export function askTags(app: App): void {
  app.prompt.ask({
    label: `tag ${about(app)}`,
    hint: 'login adds a tag, -ios takes one away; several with blanks between',
    submit: (typed) => {
      const { add, remove } = readTags(typed);
      if (add.length + remove.length === 0) return 'write at least one tag, or press Esc';
      const long = [...add, ...remove].find((tag) => tag.length > 40);
      if (long !== undefined) return 'a tag has at most 40 characters';
      decide(app, { action: 'tag', add, remove });
      return null;
    },
    complete: (typed) => {
      const [, before = '', sign = '', word = ''] = /^(.*?)([-+#]?)([^\s]*)$/.exec(typed) ?? [];
      const rows = app.list.read().window.rows.flatMap(({ tags }) => tags);
      const known = sign === '-' ? (app.list.row?.tags ?? []) : [...new Set(rows)];
      return beginning([...known], word).map((tag) => `${before}${sign}${tag}`);
    },
  });
}

export function askNote(app: App): void {
  app.prompt.ask({
    label: `note on ${about(app)}`,
    hint: 'one line, kept with the signal and its journal',
    submit: (text) => {
      if (text === '') return 'write something, or press Esc';
      decide(app, { action: 'note', text });
      return null;
    },
  });
}

const sentiments: readonly (readonly [string, Sentiment])[] = [
  ['-', 'negative'],
  ['=', 'neutral'],
  ['+', 'positive'],
];

/** One menu for all that an analysis can get wrong: each value has a key of its own. */
export function openCorrection(app: App): void {
  const row = single(app);
  const now = (same: boolean) => (same ? 'as it is' : '');
  const taken = new Set<string>();
  const categories = app.categories.map((category): MenuItem => {
    // Any free letter will do where a taxonomy is long.
    const key =
      [...category, ...'abcdefghilmnopqrstuvwxyz'].find(
        (letter) => !taken.has(letter) && /[a-z]/.test(letter),
      ) ?? '';
    taken.add(key);
    return {
      key,
      label: category,
      note: now(row?.category === category),
      run: () => decide(app, { action: 'correct', category }),
    };
  });
  const feelings = sentiments.map(
    ([key, sentiment]): MenuItem => ({
      key,
      label: sentiment,
      note: now(row?.sentiment === sentiment),
      run: () => decide(app, { action: 'correct', sentiment }),
    }),
  );
  const index = app.categories.indexOf(row?.category ?? '');
  app.menu.open(
    { title: `correct ${about(app)}`, items: [...categories, ...feelings, ...urgencies(app)] },
    index,
  );
}

export function openUrgency(app: App): void {
  app.menu.open({ title: `urgency of ${about(app)}`, items: urgencies(app) }, single(app)?.urgency ?? 0);
}

const urgencyWords = ['none', 'low', 'some', 'soon', 'today', 'now'];

function urgencies(app: App): MenuItem[] {
  return urgencyWords.map((word, urgency) => ({
    key: String(urgency),
    label: `urgency ${urgency}`,
    note: single(app)?.urgency === urgency ? `${word} · as it is` : word,
    run: () => decide(app, { action: 'correct', urgency }),
  }));
}

export function merge(app: App): void {
  const { row } = app.list;
  if (row === null) return;
  const chosen = app.triage.chosen(false);
  if (chosen === null || !('ids' in chosen.target)) {
    app.say('merging all that match is not offered: mark the signals one by one', { tone: 'warning' });
    return;
  }
  const others = chosen.target.ids.filter((id) => id !== row.id);
  if (others.length === 0) {
    app.say('only the signal under the cursor is marked: go to the one that the others join', {
      tone: 'warning',
    });
    return;
  }
  app.triage.merge(others, row);
}

/** Opens the echoes of the signal to choose from. */
export function openSplit(app: App): void {
  const { id, detail } = app.detail.read();
  const { row } = app.list;
  if (row === null || detail === null || id !== row.id) {
    app.say('the echoes are still being read: press M again');
    return;
  }
  app.split.open(row.id, detail.posts.slice(1));
}

export function confirmSplit(app: App): void {
  const { signalId, chosen } = app.split.read();
  if (signalId === null) return;
  if (chosen.size === 0) {
    app.say('choose the posts first that are about something else (space)', { tone: 'warning' });
    return;
  }
  const postIds = [...chosen];
  app.update({
    question: {
      text: `${plural(postIds.length, 'post')} will be a signal apart, and never join this one again: split?`,
      yes: () => {
        app.split.close();
        app.triage.split(signalId, postIds);
      },
    },
  });
}

/** Those that go on from what was typed, and what they complete first. */
function beginning(words: readonly string[], typed: string): readonly string[] {
  return words.filter((word) => word !== typed && word.toLowerCase().startsWith(typed.toLowerCase()));
}
