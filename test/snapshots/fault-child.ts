import { keepEverything } from '../../source/domain/retention.ts';
import { createSnapshotRetention } from '../../source/harvester/retention.ts';
import { systemClock } from '../../source/ports/clock.ts';
import { openArchive } from '../../source/snapshots/archive.ts';
import { openStoreFiles } from '../../source/store/files.ts';

/** One create, restore or prune on the store and folder that are named; the parent may kill it at any moment. */
const [, , action, path = '', folder = '', id = ''] = process.argv;
const archive = openArchive({
  folder,
  copyTo: null,
  files: openStoreFiles(path),
  clock: systemClock,
  programVersion: '0.0.0',
});
// The parent counts its delay from here: loading the program is not what it wants to kill.
process.stdout.write('started\n');
if (action === 'create') await archive.create({ reason: 'asked' });
else if (action === 'restore') await archive.restore(id, { keepBefore: true });
else {
  const policy = { ...keepEverything, keepLast: 1 };
  await createSnapshotRetention({ archive, policy }).apply(policy);
}
