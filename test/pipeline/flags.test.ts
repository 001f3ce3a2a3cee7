import { describe, expect, test } from 'vitest';
import { draftPost } from '../../source/domain/post.ts';
import { application } from '../harvester/application.ts';
import { temporaryStore } from '../store/temporary-store.ts';
import { harvestScripted, listSource } from './scripted.ts';

const by = { actor: 'cli', via: 'cli' } as const;
const sentence =
  'since the update of this morning the checkout of our shop answers with an error after the customer has chosen a card';

const ends = ['now', 'today', 'yesterday', 'again', 'apparently'];

const post = (id: string, text: string) =>
  draftPost({ externalId: id, author: id, text, createdAt: Date.UTC(2026, 10, 21) });

describe('near-duplicates off', () => {
  const near = (id: number) => post(`near-${id}`, `${sentence} ${ends[id]}`);
  const equal = (id: number) => post(`equal-${id}`, sentence);

  async function harvests() {
    const store = await temporaryStore();
    const posts = [near(1)];
    const { run, flags } = application(store, [listSource('one', posts)]);
    const arrive = async (...more: ReturnType<typeof near>[]) => {
      posts.push(...more);
      await run({});
      return (await store.size()).signals;
    };
    const turn = (state: string) => flags.set('near-duplicates', state, by);
    return { store, arrive, turn };
  }

  test('lets equal texts join and nothing else; what was joined stays', async () => {
    const { arrive, turn, store } = await harvests();
    expect(await arrive(near(2), equal(1))).toBe(1);
    await turn('off');
    expect(await arrive(near(3), equal(2))).toBe(2);
    expect((await store.signal(1))?.posts).toHaveLength(4);
  });

  test('and on again: new posts join signals that were opened meanwhile', async () => {
    const { arrive, turn, store } = await harvests();
    await turn('off');
    const other = 'zebras graze beside a quiet river while two herons watch the slow water and wait for fish';
    expect(await arrive(near(2), post('z', `${other} today`))).toBe(3);
    await turn('100%');
    expect(await arrive(post('z2', `${other} tomorrow`))).toBe(3);
    expect((await store.signal(3))?.posts).toHaveLength(2);
    // What was told apart while it was off stays apart.
    expect((await store.signal(2))?.posts).toHaveLength(1);
  });

  test('in the middle of a run changes nothing of that run', async () => {
    const store = await temporaryStore();
    const source = listSource('one', [near(1), near(2), near(3), near(4)], 1);
    const { flags, run } = application(store, [
      {
        ...source,
        async *fetch(request) {
          for await (const page of source.fetch(request)) {
            yield page;
            await flags.set('near-duplicates', 'off', by);
          }
        },
      },
    ]);
    await run({});
    expect((await store.size()).signals).toBe(1);
  });
});

describe('learned-relevance off', () => {
  const posts = Array.from({ length: 60 }, (_, index) =>
    post(
      `post-${index}`,
      `${index % 2 === 0 ? 'checkout payment broken' : 'giveaway lovely mug'} ${['alpha', 'beta', 'gamma', 'delta', 'omega'][index % 5]} ${index * 7919} ${index * 104_729} ${index * 31}`,
    ),
  );

  async function decided() {
    const store = await temporaryStore();
    await harvestScripted(store, [listSource('one', posts)]);
    const harvester = application(store);
    const ids = (kept: boolean) =>
      Array.from({ length: 20 }, (_, index) => index + 1).filter((id) => (id % 2 === 1) === kept);
    await harvester.triage.apply({ action: 'status', status: 'escalated' }, { ids: ids(true) });
    await harvester.triage.apply({ action: 'status', status: 'dismissed' }, { ids: ids(false) });
    const relevanceOf = async (id: number) => (await store.signal(id))?.factors?.relevance;
    const score = async () => {
      await harvester.run({ stages: ['score'] });
      return [await relevanceOf(31), await relevanceOf(32)];
    };
    return { harvester, score };
  }

  test('scores what it had moved again with 1; on again, what was learned moves it as before', async () => {
    const { harvester, score } = await decided();
    const learned = await score();
    expect(learned[0]).toBeGreaterThan(1.1);
    expect(learned[1]).toBeLessThan(0.9);
    await harvester.flags.set('learned-relevance', 'off', by);
    // Nothing moves before a run: the list is as it was.
    expect((await harvester.signals.get(31))?.factors?.relevance).toBe(learned[0]);
    expect(await score()).toEqual([1, 1]);
    expect((await harvester.learning.status()).relevance).toMatchObject({ enabled: false, active: false });
    await harvester.flags.unset('learned-relevance', by);
    expect(await score()).toEqual(learned);
    expect((await harvester.learning.status()).relevance).toMatchObject({ enabled: true, active: true });
  });

  test('of a percentage is decided for the installation, the same in every run', async () => {
    const { harvester, score } = await decided();
    const { flag } = await harvester.flags.explain('learned-relevance');
    await harvester.flags.set('learned-relevance', `${(flag.place / 100).toFixed(2)}%`, by);
    expect(await score()).toEqual([1, 1]);
    await harvester.flags.set('learned-relevance', `${((flag.place + 1) / 100).toFixed(2)}%`, by);
    expect((await score())[0]).toBeGreaterThan(1.1);
  });
});

test('doctor names the flags that are not as by default', async () => {
  const store = await temporaryStore();
  const harvester = application(store);
  const look = async () => (await harvester.doctor()).find(({ name }) => name === 'flags')?.finding;
  expect(await look()).toMatch(/all as by default/);
  await harvester.flags.set('near-duplicates', 'off', by);
  expect(await look()).toBe('near-duplicates is off by the store ("flags set")');
});
