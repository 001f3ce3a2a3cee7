import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dashboardWindows, endOfNext, spanOfWindow } from '../../../source/domain/dashboard-window.ts';
import type { Insight } from '../../../source/domain/insight.ts';
import { bodyRows } from '../../../source/tui/layout.ts';
import { dashboardFrameRows, layPanes, paneGap } from '../../../source/tui/model/dashboard-layout.ts';
import { type Pane, paneIds } from '../../../source/tui/model/dashboard-panes.ts';
import { byColumn, columnAt, timeScale } from '../../../source/tui/model/dashboard-time.ts';
import { barOf, formatChange, shadeOf, sparkOf } from '../../../source/tui/text/spark.ts';

const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu');
const times = fc.integer({ min: Date.UTC(2001, 0, 1), max: Date.UTC(2030, 0, 1) });

test('a window has its whole hours or days, and the one after the one before is itself', () => {
  fc.assert(
    fc.property(fc.constantFrom(...dashboardWindows), times, zones, (window, now, timeZone) => {
      const span = spanOfWindow(window, now, timeZone);
      expect(span.until - now).toBeLessThan(60_000);
      expect(span.until).toBeGreaterThanOrEqual(now);
      const before = spanOfWindow(window, span.since, timeZone);
      expect(before.until).toBe(span.since);
      const after = spanOfWindow(window, endOfNext(window, before, timeZone), timeZone);
      expect(after.since).toBe(span.since);
    }),
  );
});

test('columns of time hold every bucket once and fit their width', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 4, max: 150 }),
      fc.constantFrom('hour' as const, 'day' as const),
      (count, width, bucket) => {
        const bucketStarts = Array.from({ length: count }, (_, index) => index * 1000);
        const insight = {
          bucketStarts,
          bucket,
          span: { since: 0, until: count * 1000 },
        } as unknown as Insight;
        const scale = timeScale(insight, width);
        expect(scale.columns.length * scale.cells).toBeLessThanOrEqual(width);
        const counts = byColumn(
          bucketStarts.map(() => 1),
          scale,
        );
        expect(counts.reduce((sum, each) => sum + each, 0)).toBe(count);
        expect(columnAt(scale, count * 1000 - 1)).toBe(scale.columns.length - 1);
        expect(columnAt(scale, count * 1000)).toBe(null);
      },
    ),
  );
});

test('panes fit every terminal, and the selected one is always among them', () => {
  const pane = fc.constantFrom(...paneIds);
  fc.assert(
    fc.property(
      pane,
      fc.integer({ min: 32, max: 250 }),
      fc.integer({ min: 8, max: 80 }),
      fc.array(fc.integer({ min: 0, max: 30 }), { minLength: paneIds.length, maxLength: paneIds.length }),
      (selected, columns, rows, counts) => {
        const panes = paneIds.map((id, index): Pane => {
          const row = { kind: 'words', label: 'a', value: 'b', tone: 'plain', search: '' } as const;
          return {
            id,
            title: id,
            empty: 'none',
            rows: Array.from({ length: counts[index] ?? 0 }, () => row),
          };
        });
        const laid = layPanes(panes, { columns, rows }, selected);
        const height = Math.max(1, bodyRows({ columns, rows }) - dashboardFrameRows);
        const width = laid.reduce((sum, each) => sum + each.width, 0) + (laid.length - 1) * paneGap;
        expect(width).toBeLessThanOrEqual(columns);
        for (const column of laid) {
          const used = column.panes.reduce((sum, each) => sum + 1 + each.rows, 0);
          expect(used).toBeLessThanOrEqual(height);
          expect(column.panes.every((each) => each.rows >= 1)).toBe(true);
        }
        expect(laid.flatMap((column) => column.panes).map((each) => each.pane.id)).toContain(selected);
      },
    ),
  );
});

describe('a drawn count', () => {
  test('is one column of characters that differ without colours, and is seen however small', () => {
    expect([0, 1, 50, 100].map((count) => sparkOf(count, 100)).join('')).toBe('·▁▄█');
    expect([0, 1, 20, 50, 100].map((count) => shadeOf(count, 100)).join('')).toBe('·░▒▓█');
    expect([0, 1, 2].map((line) => barOf(100, 100, line, 3)).join('')).toBe('███');
    expect([0, 1, 2].map((line) => barOf(1, 1000, line, 3)).join('')).toBe('  ▁');
    expect([0, 1, 2].map((line) => barOf(0, 1000, line, 3)).join('')).toBe('  ·');
  });

  test('says how it has changed in at most five columns', () => {
    expect([formatChange(5, 5), formatChange(5, 0), formatChange(12, 10), formatChange(0, 7)]).toEqual([
      '=',
      'new',
      '▲20%',
      '▼100%',
    ]);
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.nat(10_000_000), (count, before) => {
        expect([...formatChange(count, before)].length).toBeLessThanOrEqual(5);
      }),
    );
  });
});
