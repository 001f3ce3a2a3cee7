import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Marks } from '../../../source/tui/model/marks.ts';
import { SignalList } from '../../../source/tui/model/signal-list.ts';
import { rowsEitherSide, rowsPerPage } from '../../../source/tui/model/signal-window.ts';
import { MemoryHarvester } from '../memory/memory-harvester.ts';
import { sampleNow, sampleSignals } from '../memory/sample.ts';

const signals = sampleSignals(1500);
const harvester = () => new MemoryHarvester({ now: () => sampleNow, signals });

test('however the cursor moves, it stands on the row that a whole list would have there, in a bounded window', async () => {
  const step = fc.oneof(fc.integer({ min: -300, max: 300 }), fc.constantFrom(1, -1, -Infinity, Infinity));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const list = new SignalList(harvester(), new Marks());
      list.resize(20);
      await list.refresh();
      let index = 0;
      for (const move of steps) {
        index = Math.min(signals.length - 1, Math.max(0, index + move));
        await list.move(move);
        expect(list.row?.id).toBe(signals[index]?.id);
        expect(list.read().window.rows.length).toBeLessThanOrEqual(2 * rowsEitherSide + 600 + rowsPerPage);
      }
    }),
    { numRuns: 60 },
  );
});

test('reading again keeps the row, its line on screen, and survives its leaving the list', async () => {
  const store = harvester();
  const list = new SignalList(store, new Marks());
  list.resize(10);
  await list.refresh();
  await list.move(30);
  await list.move(-4);
  const { cursor } = list.read();
  const line = cursor.index - cursor.top;
  expect(list.row?.id).toBe(27);

  store.memory.patch(900, { rank: 2_000_000 });
  await list.refresh();
  expect(list.row?.id).toBe(27);
  expect(list.read().cursor.index - list.read().cursor.top).toBe(line);

  await store.triage.apply({ action: 'status', status: 'dismissed' }, { ids: [27, 28] });
  await list.refresh();
  expect(list.row?.id).toBe(29);
});
