import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatBytes } from '../domain/format-bytes.ts';
import type { DoctorParts, Finding } from './doctor.ts';
import { countUnresolved } from './errors.ts';
import { newestVerified } from './snapshots.ts';

type CareParts = Pick<DoctorParts, 'store' | 'archive' | 'clock'>;

const msPerDay = 86_400_000;
const oldAfterDays = 7;
const fullWithinDays = 14;
/** SQLite writes its log back at 16 MB: one that is several times that is held open by somebody. */
const largeLogBytes = 96 * 1024 * 1024;

/** When the last sound copy of the store was made. */
export async function checkSnapshots({ archive, store, clock }: CareParts): Promise<Finding> {
  const all = await archive.list();
  const damaged = all.find((snapshot) => snapshot.damaged);
  if (damaged !== undefined) {
    return warning(
      `${damaged.id} is damaged: ${damaged.problem}`,
      `Verify the others ("signal-harvester snapshot verify --all"), then remove it: "signal-harvester snapshot remove ${damaged.id} --force".`,
    );
  }
  const newest = newestVerified(all);
  const make = 'Make one with "signal-harvester snapshot create", daily from cron.';
  if (newest === undefined) {
    return (await store.size()).posts === 0
      ? ok('none yet, and nothing to lose')
      : warning('there is none', make);
  }
  const ageDays = (clock.now() - newest.createdAt) / msPerDay;
  if (ageDays < -1) {
    return warning(
      `the newest, ${newest.id}, is from the future`,
      'Look at the clock of this machine, then make another.',
    );
  }
  if (ageDays > oldAfterDays)
    return warning(`the newest verified one is ${Math.floor(ageDays)} days old`, make);
  return ok(`${all.length}, the newest verified one ${describeAge(ageDays)} old`);
}

/** A log that does not shrink fills the disk and slows every read. */
export async function checkLog({ store, clock }: CareParts): Promise<Finding> {
  const { logBytes } = await store.growth(clock.now());
  if (logBytes < largeLogBytes) return ok(`write-ahead log of ${formatBytes(logBytes)}`);
  return warning(
    `the write-ahead log has ${formatBytes(logBytes)} and does not shrink`,
    'A program has the store open and is reading all the time: end the other signal-harvester, a database browser or a backup tool.',
  );
}

/** Whether the disk lasts, at the growth of the busier of today and yesterday. */
export async function checkDiskGrowth({ store, clock }: CareParts): Promise<Finding> {
  const { bytes, posts, addedToday, addedYesterday } = await store.growth(clock.now());
  const { bavail, bsize } = await statfs(dirname(store.path));
  const bytesPerDay = posts === 0 ? 0 : (bytes / posts) * Math.max(addedToday, addedYesterday);
  const days = bytesPerDay === 0 ? Number.POSITIVE_INFINITY : (bavail * bsize) / bytesPerDay;
  if (days >= fullWithinDays) return ok(`about ${formatBytes(Math.round(bytesPerDay))} a day`);
  return warning(
    `the disk will be full in ${days < 1 ? 'less than a day' : `about ${Math.floor(days)} days`}, at ${formatBytes(Math.round(bytesPerDay))} a day`,
    'Free some space, remove old signals (retention.signals, "signal-harvester retain --signals") or old snapshots ("signal-harvester retain").',
  );
}

/** Only where there are any: a program without bugs needs no line. */
export async function addUnresolved(
  { errorCounts }: Pick<DoctorParts, 'errorCounts'>,
  add: (name: string, look: () => Finding) => Promise<void>,
): Promise<void> {
  // A store that cannot tell has a line of its own.
  const count = countUnresolved(await errorCounts().catch(() => []));
  if (count === 0) return;
  await add('errors', () =>
    warning(
      `${count} unresolved ${count === 1 ? 'error' : 'errors'} of the program itself`,
      'See them with "signal-harvester errors list"; report what is new, then "errors resolve" it.',
    ),
  );
}

function ok(finding: string): Finding {
  return { state: 'ok', finding, fix: null };
}

function warning(finding: string, fix: string): Finding {
  return { state: 'warning', finding, fix };
}

function describeAge(days: number): string {
  return days < 2 ? `${Math.max(0, Math.floor(days * 24))} h` : `${Math.floor(days)} days`;
}
