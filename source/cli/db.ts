import { formatBytes } from '../domain/format-bytes.ts';
import { type ExitCode, exitCodes, UserError } from '../errors.ts';
import type { StoreStatus } from '../harvester/harvester.ts';
import type { StoreAdmin } from '../harvester/store-admin.ts';
import { chooseAction } from './actions.ts';
import { noteChange } from './audit-note.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { printJson, printNote, printText, visible } from './print.ts';

export const dbCommand = defineCommand({
  name: 'db',
  summary: 'Look after the store: status, check, migrate, rollback',
  usage: 'db status|check|migrate|rollback [--repair] [--force]',
  details: `status    where the store is, its size, and which migrations are applied
check     examines the file; ends with 3 when something is wrong. --repair mends
          what can be computed again (counts, marks, indexes); nothing else
migrate   applies the migrations that are pending, as any other command does
rollback  takes back the newest migration and the data it added; shows its
          plan, and acts with --force
Before a migration, a rollback and a repair a snapshot is made, unless
snapshots.automatic is false.`,
  json: 'status { "path", "bytes", "posts", "signals", "applied", "pending" }; check { "ok", "problems", "repairable", "notes" }, with --repair also "repaired"; migrate { "applied" }; rollback { "plan", "rolledBack" }',
  examples: [
    { command: 'signal-harvester db status', meaning: 'path, size and migrations' },
    { command: 'signal-harvester db check', meaning: 'is the file sound?' },
    { command: 'signal-harvester db rollback --force', meaning: 'before going back to an older version' },
  ],
  flags: {
    force: { type: 'boolean', summary: 'Do what rollback plans' },
    repair: { type: 'boolean', summary: 'Let check mend what is safe to mend' },
  },
  words: { min: 1, max: 1 },
  async run(context, { words, flags }) {
    const action = chooseAction('db', words[0], ['status', 'check', 'migrate', 'rollback']);
    const admin = await context.admin();
    switch (action) {
      case 'status':
        return printStatus(context, await admin.status());
      case 'check':
        return check(context, admin, flags.repair);
      case 'migrate': {
        const applied = await admin.migrate();
        if (applied.length > 0) await noteChange(context, { action: 'store.migrate', after: { applied } });
        if (context.json) await printJson(context, { applied });
        else
          await printText(
            context,
            applied.length === 0
              ? 'Nothing was pending.'
              : applied.map((name) => `Applied ${name}.`).join('\n'),
          );
        return exitCodes.done;
      }
      case 'rollback':
        return rollback(context, admin, flags.force);
    }
  },
});

async function printStatus(context: CommandContext, status: StoreStatus): Promise<ExitCode> {
  if (context.json) await printJson(context, status);
  else {
    const migrations =
      status.pending.length === 0
        ? 'up to date'
        : `${status.pending.length} pending: ${status.pending.join(', ')}`;
    const lines = [
      `path        ${visible(status.path)}`,
      `size        ${formatBytes(status.bytes)}`,
      `posts       ${status.posts}`,
      `signals     ${status.signals}`,
      `migrations  ${status.applied.length} applied, ${migrations}`,
    ];
    await printText(context, lines.join('\n'));
  }
  return exitCodes.done;
}

async function check(context: CommandContext, admin: StoreAdmin, repair: boolean): Promise<ExitCode> {
  const found = await admin.check();
  const left = repair ? await admin.repair() : found.problems;
  const repaired = repair ? found.repairable.filter((problem) => !left.includes(problem)) : [];
  if (repaired.length > 0) {
    await noteChange(context, {
      action: 'store.repair',
      before: { problems: found.problems },
      after: { repaired, problems: left },
    });
  }
  const ok = left.length === 0;
  if (context.json) {
    const shown = { ok, problems: left, repairable: found.repairable, notes: found.notes };
    await printJson(context, repair ? { ...shown, repaired } : shown);
    return ok ? exitCodes.done : exitCodes.partial;
  }
  const lines = [
    ...left.map((problem) => `wrong: ${problem}`),
    ...repaired.map((problem) => `mended: ${problem}`),
    ...found.notes.map((note) => `note: ${note}`),
    ...(ok ? ['The store is sound.'] : []),
  ];
  await printText(context, lines.map(visible).join('\n'));
  if (!repair && found.repairable.length > 0) {
    await printNote(
      context,
      `${found.repairable.length} of these can be mended: signal-harvester db check --repair`,
    );
  }
  return ok ? exitCodes.done : exitCodes.partial;
}

async function rollback(context: CommandContext, admin: StoreAdmin, force: boolean): Promise<ExitCode> {
  const { path, applied, posts, signals } = await admin.status();
  const newest = applied.at(-1) ?? null;
  const plan =
    newest === null
      ? 'No migration is applied: there is nothing to take back.'
      : `Take back ${newest} in ${path}, with all data that it added (${posts} posts and ${signals} signals are stored).`;
  if (newest === null || force) {
    const rolledBack = newest === null ? null : await admin.rollback();
    if (rolledBack !== null) {
      const before = { posts, signals, applied: applied.length };
      await noteChange(context, { action: 'store.rollback', target: rolledBack, before });
    }
    if (context.json) await printJson(context, { plan, rolledBack });
    else await printText(context, rolledBack === null ? plan : `Took back ${rolledBack}.`);
    return exitCodes.done;
  }
  if (!context.json) await printText(context, `Plan: ${visible(plan)}`);
  throw new UserError('not-forced', 'A rollback loses data, so nothing was done.', {
    fix: 'Repeat the command with --force; a snapshot is made first, unless snapshots.automatic is false.',
  });
}
