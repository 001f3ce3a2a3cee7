import { resolve } from 'node:path';
import type { RestoreReport, RestoreRequest, SnapshotInfo } from '../../domain/snapshot.ts';
import { plural } from '../text/format.ts';
import type { App } from './app.ts';
import { runJob, tellReport } from './retention-jobs.ts';

/** Asks what is to be restored, then whether. */
export function restoreSnapshot(app: App): void {
  const { row } = app.snapshots;
  if (row === null) return;
  if (row.damaged) {
    tellReport(app, {
      title: `${row.id} is damaged and cannot be restored`,
      lines: [row.problem ?? 'It failed its verification.', 'Restore another one.'],
      tone: 'bad',
    });
    return;
  }
  app.menu.open({
    title: `restore ${row.id}`,
    items: [
      {
        key: 'w',
        label: 'the whole store',
        note: 'what is there now is kept first',
        run: () => ask(app, row, {}),
      },
      {
        key: 's',
        label: 'signals only',
        note: 'settings, runs and spending stay',
        run: () => ask(app, row, { signalsOnly: true }),
      },
      {
        key: 'f',
        label: 'to another file',
        note: 'the store stays as it is',
        run: () => askFile(app, row),
      },
    ],
  });
}

/** Takes back the last thing of this screen that can be. */
export function undoOnRetention(app: App): void {
  const { undo } = app.snapshots.read();
  const { job } = app.jobs.read();
  if (job !== null) app.say(`${job.title} comes first; esc cancels it`);
  else if (undo === null) app.say('nothing to take back here: a removed snapshot cannot be brought back');
  else if (undo.kind === 'tag') void untag(app, undo.id, undo.tags);
  else
    app.update({
      question: {
        text: `Go back to what was there before the restore of ${undo.id}?`,
        details: [
          `${undo.before} is restored: the store as it was before.`,
          'What is there now becomes a snapshot first, so this too can be taken back.',
        ],
        yes: () => void restore(app, undo.before, {}),
      },
    });
}

async function untag(app: App, id: string, tags: readonly string[]): Promise<void> {
  const done = await runJob(app, 'writing the tags', 'not taken back', async () => {
    await app.harvester.snapshots.tag(id, tags);
    return true;
  });
  if (done === null) return;
  app.snapshots.remember(null);
  app.say(`undone: ${id} ${tags.length === 0 ? 'has no tags' : `is tagged ${tags.join(', ')}`} again`);
}

function ask(app: App, { id, rows }: SnapshotInfo, request: RestoreRequest): void {
  const held = `${plural(rows.signals ?? 0, 'signal')} of ${plural(rows.posts ?? 0, 'post')}`;
  const what = request.signalsOnly
    ? 'All signals, with their posts and decisions, are replaced'
    : 'The whole store, with every decision, is replaced';
  app.update({
    question: {
      text: `Restore ${id}${request.signalsOnly ? ', signals only' : ''}?`,
      details: [
        `${what} by what it holds: ${held}.`,
        'It is verified first. What is there now becomes a snapshot (unless snapshots.automatic is off), and u goes back to it.',
        'Until the last step, esc cancels and nothing has changed.',
      ],
      yes: () => void restore(app, id, request),
    },
  });
}

function askFile(app: App, { id }: SnapshotInfo): void {
  app.prompt.ask({
    label: 'restore to the file',
    hint: 'a path where there is nothing yet',
    text: `${id}.sqlite`,
    submit: (name) => {
      if (name === '') return 'write the path of a file, or press Esc';
      void restore(app, id, { to: resolve(name) });
      return null;
    },
  });
}

async function restore(app: App, id: string, request: RestoreRequest): Promise<void> {
  const elsewhere = request.to !== undefined;
  const report = await runJob(
    app,
    `restoring ${id}`,
    'nothing was restored',
    async (watch) => {
      // A decision on its way belongs into the snapshot that is made first.
      await app.triage.settled();
      return app.harvester.snapshots.restore(id, request, watch);
    },
    { exclusive: !elsewhere },
  );
  if (report === null) return;
  if (!elsewhere) {
    app.snapshots.remember(report.before === null ? null : { kind: 'restore', id, before: report.before });
    showRestored(app);
  }
  tell(app, report, elsewhere);
}

/** Everything on the other screens was of the store before. */
function showRestored(app: App): void {
  app.marks.clear();
  app.detail.forget();
  void app.list.refresh(app.triage.settled());
  void app.harvest.readSources();
}

function tell(app: App, report: RestoreReport, elsewhere: boolean): void {
  const { id, path, rows, migrated, before, putAside } = report;
  app.snapshots.tell({
    title: `restored ${id}`,
    lines: [
      `${elsewhere ? `In ${path} are` : 'The store now has'} ${plural(rows.signals ?? 0, 'signal')} of ${plural(rows.posts ?? 0, 'post')}.`,
      ...(migrated.length === 0 ? [] : [`Brought forward by ${migrated.join(', ')}.`]),
      ...(before === null ? [] : [`What was there before is in ${before}; u goes back to it.`]),
      ...(before === null && !elsewhere
        ? ['What was there before was not kept: this cannot be taken back.']
        : []),
      ...(putAside === null ? [] : [`The store was damaged and is kept as ${putAside}.`]),
    ],
    tone: 'good',
  });
  app.say(`restored ${id}${elsewhere ? ` to ${path}` : ''}`, {
    tone: 'good',
    undo: before !== null && !elsewhere,
  });
}
