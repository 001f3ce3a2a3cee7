import { describe, expect, test } from 'vitest';
import { draftPost, noEngagement } from '../../source/domain/post.ts';
import type { TriageChange } from '../../source/domain/triage.ts';
import { serve } from '../http/served.ts';
import { listSource } from '../pipeline/scripted.ts';

const hourMs = 3_600_000;
const day = Date.UTC(2026, 10, 21);
/** The posts of the served store are written in the first minutes of that day. */
const span = { since: day, until: day + 24 * hourMs, timeZone: 'UTC' };

describe('a report', () => {
  test('counts as insight does, and its examples are of their category and span, most salient first', async () => {
    const { harvester } = await serve();
    const report = await harvester.report.make(span);
    const insight = await harvester.insight.read({ ...span, bucket: 'hour' });
    expect(report.insight).toEqual(insight);
    expect(report.insight.signals.total).toBeGreaterThan(20);
    expect(report.categories.map(({ category }) => category)).toEqual(
      insight.categories.filter(({ total }) => total > 0).map(({ category }) => category),
    );
    for (const { category, examples } of report.categories) {
      expect(examples.length).toBeGreaterThan(0);
      expect(examples.length).toBeLessThanOrEqual(report.method.examplesPerCategory);
      for (const example of examples) {
        expect(example.category).toBe(category);
        expect(example.createdAt).toBeGreaterThanOrEqual(span.since);
        expect(example.createdAt).toBeLessThan(span.until);
      }
      const saliences = examples.map(({ salience }) => salience ?? 0);
      expect(saliences).toEqual(saliences.toSorted((a, b) => b - a));
      const { rows } = await harvester.signals.page({ categories: [category], limit: 500 });
      expect(examples.map(({ id }) => id)).toContain(rows[0]?.id);
    }
    expect(report.method.analyzers).toEqual([
      { analyzer: 'rule', signals: insight.signals.total, capped: false },
    ]);
  });

  test('says what people decided: by whom, how fast, what stands and what is escalated', async () => {
    const { harvester, clock } = await serve();
    const { rows } = await harvester.signals.page({ limit: 6, order: 'oldest' });
    const ids = rows.map(({ id }) => id);
    const decide = async (change: TriageChange, of: readonly number[], actor?: string) =>
      harvester.triage.apply(change, { ids: of }, actor === undefined ? undefined : { actor });
    const arrived = clock.at;
    clock.at += 2 * hourMs;
    await decide({ action: 'status', status: 'dismissed' }, ids.slice(0, 3));
    clock.at += 2 * hourMs;
    await decide({ action: 'status', status: 'escalated' }, ids.slice(3, 5), 'on-call');
    await decide({ action: 'tag', add: ['login'], remove: [] }, ids.slice(3, 4));
    await decide({ action: 'status', status: 'resolved' }, ids.slice(4, 5));
    await decide({ action: 'status', status: 'resolved' }, ids.slice(5));
    await harvester.triage.undo();
    clock.at += hourMs;
    const within = { since: arrived, until: clock.at, timeZone: 'UTC' };
    const { decisions } = await harvester.report.make(within);
    expect(decisions).toMatchObject({ decisions: 4, signals: 5, capped: false });
    expect(decisions.outcomes).toEqual([
      { outcome: 'dismissed', signals: 3 },
      { outcome: 'escalated', signals: 2 },
      { outcome: 'resolved', signals: 1 },
      { outcome: 'tagged', signals: 1 },
    ]);
    expect(decisions.people).toEqual([
      { actor: 'ann', decisions: 3, signals: 5, medianToDecisionMs: 2 * hourMs },
      { actor: 'on-call', decisions: 1, signals: 2, medianToDecisionMs: 4 * hourMs },
    ]);
    expect(decisions.escalated.map(({ id, by, decidedAt }) => [id, by, decidedAt])).toEqual([
      [ids[3], 'on-call', arrived + 4 * hourMs],
    ]);

    const narrow = await harvester.report.make({ ...within, search: 'status:dismissed' });
    expect(narrow.decisions).toMatchObject({ decisions: 1, signals: 3, escalated: [] });
    const later = await harvester.report.make({ ...within, since: clock.at - 1 });
    expect(later.decisions).toMatchObject({ decisions: 0, signals: 0, outcomes: [], people: [] });
  });

  test('takes its examples from all of the span: what weighs most, not what is newest', async () => {
    const posts = Array.from({ length: 40 }, (_, index) =>
      draftPost({
        externalId: String(index),
        // Of even length: the rule of these analyses makes it an outage.
        text: `Sentence number ${String(index).padStart(2, '0')} about ${['tea', 'ink', 'oak', 'sky'][index % 4]} ${index * 7919}`.padEnd(
          60,
          '.',
        ),
        createdAt: day - 10 * 24 * hourMs + index * 6 * hourMs,
        engagement: { ...noEngagement, likes: index === 1 ? 900 : 0 },
      }),
    );
    const { harvester } = await serve({ posts: 0, sources: [listSource('week', posts)] });
    await harvester.run({ sources: ['week'] });
    const report = await harvester.report.make({ ...span, since: day - 10 * 24 * hourMs });
    const [first] = report.categories[0]?.examples ?? [];
    expect(first?.createdAt).toBe(posts[1]?.createdAt);
    const byRank = await harvester.signals.page({ limit: 4 });
    expect(byRank.rows.map(({ id }) => id)).not.toContain(first?.id);

    const about = await harvester.report.make({ ...span, since: day - 10 * 24 * hourMs, search: 'ink' });
    const texts = about.categories.flatMap(({ examples }) => examples.map(({ text }) => text));
    expect(texts[0]).toContain('number 01');
    expect(texts.filter((text) => !text.includes('ink'))).toEqual([]);
    expect(about.insight.signals.total).toBe(10);
  });

  test.each([
    [{ since: day, until: day }, 'bad-span'],
    [{ ...span, timeZone: 'Nowhere/Atall' }, 'bad-span'],
    [{ ...span, view: 'nobody' }, 'unknown-view'],
    [{ ...span, view: 'Open', search: 'x' }, 'usage'],
    [{ ...span, search: 'category:' }, 'bad-search'],
  ])('of %j is refused: %s', async (request, code) => {
    const { harvester } = await serve({ posts: 0 });
    await expect(harvester.report.make(request)).rejects.toMatchObject({ code });
  });
});
