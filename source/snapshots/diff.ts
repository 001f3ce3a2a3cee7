import type { FieldChange, SignalChange, SnapshotDiff } from '../domain/snapshot.ts';
import type { ComparableSignal, StoreImage } from '../ports/store-files.ts';

/** Signals that differ between two stores, read side by side in one pass; memory holds `limit` of them. */
export function diffImages(
  from: StoreImage,
  to: StoreImage,
  limit: number,
): Omit<SnapshotDiff, 'from' | 'to'> {
  const counts = { added: 0, gone: 0, changed: 0, same: 0 };
  const changes: SignalChange[] = [];
  const note = (
    change: SignalChange['change'],
    { id, source, title }: ComparableSignal,
    fields: readonly FieldChange[] = [],
  ) => {
    counts[change] += 1;
    if (changes.length < limit) changes.push({ change, id, source, title, fields });
  };
  const older = from.comparableSignals()[Symbol.iterator]();
  const newer = to.comparableSignals()[Symbol.iterator]();
  let left = older.next();
  let right = newer.next();
  while (!left.done || !right.done) {
    const order = left.done ? 1 : right.done ? -1 : compareKeys(left.value, right.value);
    if (order < 0 && !left.done) note('gone', left.value);
    else if (order > 0 && !right.done) note('added', right.value);
    else if (!left.done && !right.done) {
      const fields = changedFields(left.value, right.value);
      if (fields.length > 0) note('changed', right.value, fields);
      else counts.same += 1;
    }
    if (order <= 0) left = older.next();
    if (order >= 0) right = newer.next();
  }
  return { ...counts, changes, more: counts.added + counts.gone + counts.changed > changes.length };
}

/** The order in which SQLite gives texts: by their bytes. */
function compareKeys(one: ComparableSignal, other: ComparableSignal): number {
  return compareBytes(one.source, other.source) || compareBytes(one.externalId, other.externalId);
}

function compareBytes(one: string, other: string): number {
  return one === other ? 0 : Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** Of the fields that both have: a column that a migration added is no change of the signal. */
function changedFields(one: ComparableSignal, other: ComparableSignal): readonly FieldChange[] {
  return Object.keys(other.fields).flatMap((field) => {
    const [before, after] = [one.fields[field], other.fields[field]];
    return before === undefined || after === undefined || before === after ? [] : [{ field, before, after }];
  });
}
