import { exitCodes } from '../errors.ts';
import { chooseAction } from './actions.ts';
import { defineCommand } from './command.ts';
import { listRemoteSnapshots, removeRemoteSnapshots } from './remote-snapshots.ts';
import {
  createSnapshot,
  diffSnapshots,
  listSnapshots,
  removeSnapshots,
  restoreSnapshot,
  showSnapshot,
  tagSnapshot,
  takeIds,
  verifySnapshots,
} from './snapshot-actions.ts';

const actions = ['create', 'list', 'show', 'verify', 'diff', 'restore', 'remove', 'tag'] as const;

export const snapshotCommand = defineCommand({
  name: 'snapshot',
  summary: 'Verified copies of the store: create, list, show, verify, diff, restore, remove, tag',
  usage: 'snapshot create|list|show|verify|diff|restore|remove|tag [ID]... [FLAGS]',
  details: `create         makes one while others read and write, verifies it, and copies
               it to snapshots.copyTo and snapshots.s3; --tag gives it tags
list           newest first; --s3 those in the bucket of snapshots.s3
show ID        everything about one
verify [ID]... reads every byte of the newest, of those that are named, of a
               random --sample, or of --all; ends with 3 when one is damaged
diff A [B]     signals added, gone and changed from A to B, or to now
restore ID     puts it in the place of the store, after a snapshot of what is
               there; shows its plan, and acts with --force. --to PATH writes
               another file instead, --signals-only leaves settings and runs;
               --from-s3 takes it from the bucket
remove ID...   shows its plan, and acts with --force; --s3 in the bucket
tag ID         replaces its tags with those of --tag
An ID may be cut to a beginning that no other has; "newest" is one too.`,
  json: 'create { "snapshot", "copy", "upload" }; list --s3 { "where", "snapshots": [{ "id", "createdAt", "bytes", "files", "complete" }] }; list { "snapshots": [{ "id", "createdAt", "bytes", "rows", "tags", "verified", "damaged", "reason", "problem", ... }] }; show one of these; verify { "ok", "snapshots": [{ "id", "ok", "problems" }] }; diff { "from", "to", "added", "gone", "changed", "same", "changes", "more" }; restore { "id", "path", "rows", "migrated", "before", "putAside" }; remove { "removed" }; tag { "id", "tags" }',
  examples: [
    { command: 'signal-harvester snapshot create --tag before-upgrade', meaning: 'a copy to come back to' },
    { command: 'signal-harvester snapshot verify --all', meaning: 'are all of them sound?' },
    { command: 'signal-harvester snapshot diff newest', meaning: 'what has changed since' },
    {
      command: 'signal-harvester snapshot diff 2026-11-01 newest --format markdown',
      meaning: 'a report for people',
    },
    {
      command: 'signal-harvester snapshot restore newest --to copy.sqlite',
      meaning: 'a look, with the store left alone',
    },
    { command: 'signal-harvester snapshot restore 2026-11-01 --force', meaning: 'back to that day' },
    {
      command: 'signal-harvester snapshot restore newest --from-s3 --force',
      meaning: 'on a new machine, from the bucket',
    },
  ],
  flags: {
    tag: {
      type: 'list',
      value: 'TAG',
      summary: 'Tag of a new snapshot, or for "tag"',
    },
    all: { type: 'boolean', summary: 'Verify all of them' },
    sample: {
      type: 'integer',
      value: 'N',
      min: 1,
      max: 100_000,
      summary: 'Verify so many, chosen by chance',
    },
    format: {
      type: 'text',
      value: 'FORMAT',
      choices: ['table', 'markdown'],
      summary: 'Form of a diff (default table)',
    },
    limit: {
      type: 'integer',
      value: 'N',
      min: 0,
      max: 100_000,
      summary: 'Changes that a diff lists (default 50); all are counted',
    },
    to: { type: 'text', value: 'PATH', summary: 'Restore to this new file' },
    signalsOnly: { type: 'boolean', summary: 'Restore signals and what belongs to them, nothing else' },
    s3: { type: 'boolean', summary: 'List or remove in the bucket of snapshots.s3' },
    fromS3: { type: 'boolean', summary: 'Restore from that bucket' },
    force: { type: 'boolean', summary: 'Do what restore or remove plans' },
  },
  words: { min: 1, max: 1000 },
  async run(context, { words, flags }) {
    const action = chooseAction('snapshot', words[0], actions);
    const ids = words.slice(1);
    switch (action) {
      case 'create':
        return createSnapshot(context, ids, flags.tag);
      case 'list':
        takeIds('list', ids, 0, 0);
        return flags.s3 ? listRemoteSnapshots(context) : listSnapshots(context);
      case 'show':
        return showSnapshot(context, ids);
      case 'verify':
        return verifySnapshots(context, ids, { all: flags.all, sample: flags.sample });
      case 'diff':
        return diffSnapshots(context, ids, {
          markdown: flags.format === 'markdown',
          limit: flags.limit ?? 50,
        });
      case 'restore':
        return restoreSnapshot(context, ids, flags);
      case 'remove':
        return flags.s3
          ? removeRemoteSnapshots(context, ids, flags.force)
          : removeSnapshots(context, ids, flags.force);
      case 'tag':
        await tagSnapshot(context, ids, flags.tag);
        return exitCodes.done;
    }
  },
});
