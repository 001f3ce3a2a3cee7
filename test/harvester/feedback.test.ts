import { describe, expect, test } from 'vitest';
import { describeDiagnostics } from '../../source/domain/describe-diagnostics.ts';
import { diagnosticsSchema, type NewFeedback } from '../../source/domain/feedback.ts';
import { hourMs, inbox, minuteMs, scene } from './notify-scene.ts';

const voices = { name: 'voices', on: 'feedback' };
const app = { via: 'tui', actor: 'analyst' } as const;
const said = (text: string, change: Partial<NewFeedback> = {}): NewFeedback => ({
  text,
  mood: 'neutral',
  screen: 'signals',
  version: '1.0.0',
  diagnostics: null,
  ...change,
});

describe('feedback', () => {
  test('is kept as it was said, cleaned, and refused without words or with too many', async () => {
    const { harvester, now } = await scene({ rules: [] });
    const kept = await harvester.feedback.send(said('  fast\u001b[31m, and \u202equiet  '), app);
    expect(kept).toMatchObject({
      id: 1,
      at: now(),
      mood: 'neutral',
      screen: 'signals',
      diagnostics: null,
      ...app,
    });
    expect(kept.text).toMatch(/^fast.*quiet$/);
    expect(kept.text).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(await harvester.feedback.get(1)).toEqual(kept);
    await expect(harvester.feedback.send(said(' \u200b '), app)).rejects.toMatchObject({
      code: 'bad-feedback',
    });
    await expect(harvester.feedback.send(said('x'.repeat(5_001)), app)).rejects.toMatchObject({
      code: 'bad-feedback',
    });
    await harvester.feedback.send(said('x'.repeat(5_000)), app);
    expect((await harvester.feedback.list({ limit: 1 })).map(({ id }) => id)).toEqual([2]);
    expect((await harvester.feedback.list({ limit: 9, before: 2 })).map(({ id }) => id)).toEqual([1]);
  });

  test('keeps no id of what was removed for another', async () => {
    const { harvester } = await scene({ rules: [] });
    await harvester.feedback.send(said('one'), app);
    expect(await harvester.feedback.remove([1])).toBe(1);
    expect((await harvester.feedback.send(said('two'), app)).id).toBe(2);
  });

  test('has diagnostics of which every field is documented by its schema, and nothing of what was harvested', async () => {
    const { harvester, run } = await scene({ rules: [{ name: 'r', query: 'plantedquery' }] });
    await run(['outage plantedpost'], { source: 'plantedsource' });
    const bundle = await harvester.feedback.diagnostics({ columns: 80, rows: 24, kind: 'xterm' });
    expect(diagnosticsSchema.parse(bundle)).toEqual(bundle);
    expect(bundle).toMatchObject({ store: { posts: 1, signals: 1 }, lastRun: { state: 'done' } });
    expect(JSON.stringify(bundle)).not.toContain('planted');
    expect(describeDiagnostics(bundle).join('\n')).toContain('source of kind list: done, 1 new');
    const kept = await harvester.feedback.send(said('with it', { diagnostics: bundle }), app);
    expect(await harvester.feedback.get(kept.id)).toEqual({ ...kept, diagnostics: bundle });
  });
});

describe('a rule with "on: feedback"', () => {
  test('tells each piece once, in words, without its diagnostics', async () => {
    const team = inbox();
    const { harvester, run } = await scene({
      rules: [voices, { ...voices, name: 'again' }],
      notifiers: [team],
    });
    const diagnostics = await harvester.feedback.diagnostics(null);
    await harvester.feedback.send(said('the list\njumps', { mood: 'bad', diagnostics }), app);
    await run(['praise for something']);
    await run();
    expect(team.taken).toHaveLength(1);
    expect(team.taken[0]?.message).toEqual({
      type: 'event',
      rule: 'voices',
      event: 'feedback',
      title: 'Feedback (bad): the list jumps',
      text: 'the list\njumps\n\nmood bad; screen signals; version 1.0.0; with diagnostics; signal-harvester feedback show 1',
      at: expect.any(Number),
    });
  });

  test('tells other notifiers too, nobody of what is old, and no more than its limits at once', async () => {
    const [team, boss] = [inbox('team'), inbox('boss')];
    const rules = [
      { ...voices, perHour: 2 },
      { ...voices, name: 'boss', notifier: 'boss' },
    ];
    const { harvester, run, pass } = await scene({ rules, notifiers: [team, boss] });
    await harvester.feedback.send(said('too old'), app);
    pass(25 * hourMs);
    for (const text of ['one', 'two', 'three']) await harvester.feedback.send(said(text), app);
    const { warnings } = await run();
    expect(warnings).toEqual(['rule voices: its limits hold 1 more back for now']);
    expect([team.taken.length, boss.taken.length]).toEqual([2, 3]);
    pass(61 * minuteMs);
    await run();
    expect(team.taken).toHaveLength(3);
  });

  test('is quiet in quiet hours, and says nothing of what was removed meanwhile', async () => {
    const team = inbox();
    const quiet = { ...voices, quietHours: [{ from: '11:00', to: '14:00' }] };
    const { harvester, run, pass } = await scene({ rules: [quiet], notifiers: [team] });
    await harvester.feedback.send(said('stays'), app);
    await harvester.feedback.send(said('goes'), app);
    await run();
    expect(team.taken).toHaveLength(0);
    await harvester.feedback.remove([2]);
    pass(3 * hourMs);
    await run();
    expect(team.taken.map(({ message }) => message)).toMatchObject([{ title: 'Feedback (neutral): stays' }]);
  });

  test('is previewed and tried like every rule', async () => {
    const { harvester } = await scene({ rules: [voices] });
    await harvester.feedback.send(said('one'), app);
    expect((await harvester.notifications.preview()).messages).toMatchObject([
      { kind: 'event', signalId: null, subject: 'Feedback (neutral): one' },
    ]);
    expect(await harvester.notifications.test({ days: 7 })).toMatchObject([{ rule: 'voices', sent: 1 }]);
  });
});
