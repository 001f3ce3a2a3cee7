import { formatBytes } from '../../domain/format-bytes.ts';
import type { SignalRemovalReport } from '../../harvester/signal-retention.ts';
import { newestVerified } from '../../harvester/snapshots.ts';
import { describeReason } from '../text/describe-snapshot.ts';
import { plural } from '../text/format.ts';
import type { App } from './app.ts';
import { runJob, tellReport } from './retention-jobs.ts';

const forEver = 'This cannot be taken back: a removed snapshot is gone.';

/** Removes the snapshot under the cursor, after a question. */
export function removeSnapshot(app: App): void {
  const { row, snapshots } = app.snapshots;
  if (row === null) return;
  const { id, bytes, damaged, verified, reason, tags } = row;
  if (id === newestVerified(snapshots)?.id) {
    app.say('the newest verified snapshot is never removed: make another first (n)');
    return;
  }
  const state = damaged ? 'damaged' : verified ? 'verified' : 'never verified';
  app.update({
    question: {
      text: `Remove ${id} for good?`,
      details: [
        `${forEver} Copies in snapshots.copyTo stay.`,
        `${formatBytes(bytes)}, ${state}${reason === null ? '' : `, made ${describeReason(reason)}`}${tags.length === 0 ? '' : `, tagged ${tags.join(', ')}`}.`,
      ],
      yes: () => void remove(app, id),
    },
  });
}

async function remove(app: App, id: string): Promise<void> {
  const removed = await runJob(app, `removing ${id}`, 'not removed', () =>
    app.harvester.snapshots.remove(id),
  );
  if (removed === null) return;
  forget(app, [id]);
  app.say(removed ? `removed ${id}; it cannot be brought back` : `${id} was gone already`);
}

/** Removes what the rules on screen would remove, after a question. */
export async function applyRules(app: App): Promise<void> {
  await app.snapshots.settled();
  const { plan } = app.snapshots.read();
  if (plan === null || !app.snapshots.planned) return;
  if (plan.refusal !== null) {
    app.say(`${plan.refusal} Let a rule keep something.`, { tone: 'warning' });
    return;
  }
  if (plan.removing === 0) {
    app.say('the rules remove nothing');
    return;
  }
  const { policy, removing, decisions, bytesBefore, bytesAfter } = plan;
  const going = decisions.filter(({ keep }) => !keep).map(({ snapshot }) => snapshot.id);
  app.update({
    question: {
      text: `Remove ${removing} of ${plural(decisions.length, 'snapshot')} for good?`,
      details: [
        `${forEver} What stays is verified first; if any of it is damaged, nothing goes.`,
        `${formatBytes(bytesBefore - bytesAfter)} are regained: ${formatBytes(bytesBefore)} before, ${formatBytes(bytesAfter)} after.`,
        `Going: ${going.join(', ')}`,
      ],
      yes: () => void apply(app, policy),
    },
  });
}

async function apply(app: App, policy: Parameters<App['harvester']['retention']['apply']>[0]): Promise<void> {
  const before = new Set(app.snapshots.snapshots.map(({ id }) => id));
  const done = await runJob(app, 'removing by the rules', 'the rules were not applied', (watch) =>
    app.harvester.retention.apply(policy, watch),
  );
  if (done === null) {
    // Cancelled half-way, some may be gone.
    const left = new Set(app.snapshots.snapshots.map(({ id }) => id));
    const gone = [...before].filter((id) => !left.has(id));
    forget(app, gone);
    if (gone.length > 0) app.say(`stopped: ${plural(gone.length, 'snapshot')} had been removed already`);
    return;
  }
  forget(app, done.removed);
  const freed = formatBytes(done.bytesBefore - done.bytesAfter);
  app.say(`removed ${plural(done.removed.length, 'snapshot')}, ${freed} regained; what stays is verified`, {
    tone: 'good',
  });
}

/** What needs a snapshot that is gone cannot be taken back any more. */
function forget(app: App, ids: readonly string[]): void {
  const { undo } = app.snapshots.read();
  if (undo === null) return;
  if (ids.includes(undo.kind === 'restore' ? undo.before : undo.id)) app.snapshots.remember(null);
}

/** Removes signals that have had their time, after a menu and a question. */
export function removeSignals(app: App): void {
  const { signals } = app.snapshots.read();
  if (signals === null) return;
  const many = plural(signals.signals, 'signal');
  const ask = (compact: boolean) => () =>
    app.update({
      question: {
        text: `Remove ${many} that ${signals.signals === 1 ? 'has' : 'have'} had ${signals.signals === 1 ? 'its' : 'their'} time?`,
        details: [
          'Their posts, analyses and decisions go with them, a few at a time. Rules, labels and what was learned stay.',
          'A snapshot is made first (unless snapshots.automatic is off); only restoring it brings them back.',
          ...(compact
            ? ['The store is rewritten afterwards; other programs that write to it wait some seconds.']
            : []),
        ],
        yes: () => void expire(app, compact),
      },
    });
  app.menu.open({
    title: `remove ${many}`,
    items: [
      { key: 'r', label: 'remove them', note: 'space is given back in small steps', run: ask(false) },
      { key: 'c', label: 'and rewrite the store', note: 'gives back all space', run: ask(true) },
    ],
  });
}

async function expire(app: App, compact: boolean): Promise<void> {
  const report = await runJob(app, 'removing signals', 'signals were not removed', async (watch) => {
    await app.triage.settled();
    return app.harvester.retention.applySignals({ compact }, watch);
  });
  app.marks.clear();
  app.detail.forget();
  void app.list.refresh(app.triage.settled());
  if (report !== null) tellReport(app, describeRemoval(report));
}

function describeRemoval(report: SignalRemovalReport) {
  const { signals, posts, bytesBefore, bytesAfter, bytesReusable, snapshot, interrupted } = report;
  const freed = bytesBefore - bytesAfter;
  return {
    title: `removed ${plural(signals, 'signal')}`,
    lines: [
      `${plural(posts, 'post')} went with them; the store had ${formatBytes(bytesBefore)} and has ${formatBytes(bytesAfter)}${freed > 0 ? `: ${formatBytes(freed)} regained` : ''}.`,
      ...(bytesReusable > 0
        ? [`${formatBytes(bytesReusable)} are free inside the file for what comes next.`]
        : []),
      ...(snapshot === null
        ? []
        : [`What was there before is in ${snapshot}; restoring it brings them back.`]),
      ...(interrupted ? ['It was stopped; S goes on from here.'] : []),
    ],
    tone: interrupted ? ('warning' as const) : ('good' as const),
  };
}
