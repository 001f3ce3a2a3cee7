import type { Action } from '../../domain/key-bindings.ts';
import type { SnapshotInfo } from '../../domain/snapshot.ts';
import { parseTags } from '../text/describe-snapshot.ts';
import { formatAge, plural } from '../text/format.ts';
import type { App } from './app.ts';
import type { MenuItem } from './menu-desk.ts';
import { applyRules, removeSignals, removeSnapshot } from './removal-actions.ts';
import { restoreSnapshot } from './restore-actions.ts';
import { runJob, tellReport } from './retention-jobs.ts';

/** Changes that a comparison lists; all are counted. */
const diffLimit = 1000;
const mostCompared = 9;

/** What the keys of the retention screen do. */
export const retentionActions: Partial<Record<Action, (app: App) => void>> = {
  'show-retention': (app) => {
    app.update({ screen: 'retention', detailOpen: false });
    forgetUndo(app);
    void app.snapshots.visit();
  },
  'cancel-job': cancelJob,
  'next-rule': (app) => app.snapshots.chooseKnob(1),
  'previous-rule': (app) => app.snapshots.chooseKnob(-1),
  'keep-more': (app) => app.snapshots.turn(1),
  'keep-fewer': (app) => app.snapshots.turn(-1),
  'reset-rules': (app) => {
    app.snapshots.asConfigured();
    app.say('the rules are those of the configuration again');
  },
  'create-snapshot': askTags,
  'verify-snapshot': (app) => {
    const { row } = app.snapshots;
    if (row !== null) void verify(app, [row]);
  },
  'verify-all': (app) => void verify(app, app.snapshots.snapshots),
  'diff-snapshot': openDiffMenu,
  'restore-snapshot': restoreSnapshot,
  'remove-snapshot': removeSnapshot,
  'apply-rules': (app) => void app.holdingKeys(() => applyRules(app)),
  'remove-signals': removeSignals,
  'tag-snapshot': changeTags,
};

/** "u undo" means another thing on every screen. */
export function forgetUndo(app: App): void {
  if (app.read().message?.undo) app.update({ message: null });
}

/** True when there was something to cancel. */
export function cancelJob(app: App): boolean {
  const { job } = app.jobs.read();
  if (!app.jobs.cancel()) return false;
  app.say(`cancelling: ${job?.title ?? ''}`, { tone: 'warning' });
  return true;
}

export async function readAgain(app: App): Promise<void> {
  await app.snapshots.visit();
  if (app.snapshots.read().phase === 'ready') app.say('read again');
}

function askTags(app: App): void {
  app.prompt.ask({
    label: 'tags of the new snapshot',
    hint: 'none, or some: release-4 keep; Enter makes it',
    submit: (text) => {
      const tags = parseTags(text);
      if (typeof tags === 'string') return tags;
      void create(app, tags);
      return null;
    },
  });
}

async function create(app: App, tags: readonly string[]): Promise<void> {
  const outcome = await runJob(app, 'making a snapshot', 'no snapshot was made', (watch) =>
    app.harvester.snapshots.create({ tags }, watch),
  );
  if (outcome === null) return;
  const { snapshot, copy } = outcome;
  app.snapshots.goTo(snapshot.id);
  if (copy?.problem)
    tellReport(app, {
      title: `${snapshot.id} is made and verified, its copy is not`,
      lines: [copy.problem, 'Look whether the folder of snapshots.copyTo can be written to.'],
      tone: 'warning',
    });
  else app.say(`made and verified ${snapshot.id}`, { tone: 'good' });
}

async function verify(app: App, chosen: readonly SnapshotInfo[]): Promise<void> {
  const title = chosen.length === 1 ? `verifying ${chosen[0]?.id ?? ''}` : 'verifying all snapshots';
  const verdicts = await runJob(app, title, 'not verified', async (watch) => {
    const found = [];
    for (const [index, { id }] of chosen.entries()) {
      const which = chosen.length === 1 ? '' : `${index + 1} of ${chosen.length}, `;
      const onProgress: typeof watch.onProgress = (progress) =>
        watch.onProgress?.({ ...progress, step: `${which}${progress.step}` });
      watch.signal?.throwIfAborted();
      found.push(await app.harvester.snapshots.verify(id, { ...watch, onProgress }));
    }
    return found;
  });
  if (verdicts === null) return;
  const bad = verdicts.filter(({ ok }) => !ok);
  const [first] = verdicts;
  if (bad.length === 0) {
    const sound = verdicts.length === 1 ? `${first?.id} is sound` : `all ${verdicts.length} are sound`;
    app.say(`${sound}: every byte is as it was written`, { tone: 'good' });
    return;
  }
  tellReport(app, {
    title: `${plural(bad.length, 'snapshot is', 'snapshots are')} damaged`,
    lines: [
      ...bad.flatMap(({ id, problems }) => problems.map((problem) => `${id}: ${problem}`)),
      'A damaged snapshot cannot be restored. Make another (n), then remove it (x).',
    ],
    tone: 'bad',
  });
}

function openDiffMenu(app: App): void {
  const { row, snapshots } = app.snapshots;
  if (row === null) return;
  const others = snapshots.filter(({ id }) => id !== row.id).slice(0, mostCompared);
  const compare = (from: string, to: string) => () => void diff(app, from, to);
  const items: MenuItem[] = [
    { key: 'n', label: 'with now', note: 'what has changed since', run: compare(row.id, 'now') },
    ...others.map((other, index): MenuItem => {
      const [older, newer] = other.createdAt < row.createdAt ? [other, row] : [row, other];
      const note = formatAge(other.createdAt, app.now());
      return { key: String(index + 1), label: other.id, note, run: compare(older.id, newer.id) };
    }),
  ];
  app.menu.open({ title: `compare ${row.id}`, items });
}

async function diff(app: App, from: string, to: string): Promise<void> {
  // What was just decided belongs to now.
  await app.triage.settled();
  const found = await runJob(app, 'comparing', 'not compared', (watch) =>
    app.harvester.snapshots.diff({ from, to, limit: diffLimit }, watch),
  );
  if (found !== null && app.read().screen === 'retention') app.snapshots.showDiff(found);
}

function changeTags(app: App): void {
  const { row } = app.snapshots;
  if (row === null) return;
  app.prompt.ask({
    label: `tags of ${row.id}`,
    hint: 'words set apart by blanks; the rule "tagged" keeps what has one',
    text: row.tags.join(' '),
    submit: (text) => {
      const tags = parseTags(text);
      if (typeof tags === 'string') return tags;
      void tag(app, row, tags);
      return null;
    },
  });
}

async function tag(app: App, { id, tags: before }: SnapshotInfo, tags: readonly string[]): Promise<void> {
  const done = await runJob(app, 'writing the tags', 'not tagged', async () => {
    await app.harvester.snapshots.tag(id, tags);
    return true;
  });
  if (done === null) return;
  app.snapshots.remember({ kind: 'tag', id, tags: before });
  app.say(tags.length === 0 ? `${id} has no tags now` : `${id} is tagged ${tags.join(', ')}`, { undo: true });
}
