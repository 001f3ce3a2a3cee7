/**
 * Kills creates, restores and prunes of snapshots at random moments, and spoils
 * a store at random places; throws at the first promise that is broken.
 *
 * Usage: node bench/snapshot-faults.ts [ROUNDS]   (default 100 of each)
 */
import { corruptionRounds, killRounds } from '../test/snapshots/fault-rounds.ts';

const rounds = Number(process.argv[2] ?? 100);
for (const action of ['create', 'restore', 'prune'] as const) {
  const { kills, finished, asBefore, asAfter, leftovers } = await killRounds(action, rounds);
  console.log(
    `${action}: ${kills} kills (and ${finished} that came to their end): ${asBefore} left things as before, ${asAfter} had it done (of a prune, in part), 0 broke a promise; ${leftovers} left files to sweep up`,
  );
}
const { places, foundByCheck, foundByDiff, inUnusedBytes, putAside } = await corruptionRounds(rounds);
console.log(
  `a sector overwritten at ${places} places: ${foundByCheck} found by db check, ${foundByDiff} changed text or counts only (a diff shows those), ${inUnusedBytes} in bytes that hold nothing; 0 crashes, ${places} restores brought everything back, ${putAside} put the damaged file aside`,
);
