import { describe, expect, test } from 'vitest';
import { labelPosts } from './fake-models.ts';
import { chainOn, posts, request, services } from './model-chain.ts';

const careful = (shown: Parameters<typeof labelPosts>[0]) => ({ results: labelPosts(shown) });

describe.each(services)('what %s answered', (...service) => {
  test('is never asked again, whatever the signal is called by then', async () => {
    const { model, analyze, told } = await chainOn(service, careful);
    const first = await analyze(posts(20));
    const renamed = posts(20).map((post) => ({ ...post, signalId: post.signalId + 1000 }));
    const second = await analyze(renamed);
    expect(model.requests).toHaveLength(1);
    expect(second.get(1001)?.analysis).toEqual(first.get(1)?.analysis);
    expect(second.get(1001)?.analyzer).toBe(service[0]);
    expect(told.map(({ requests, reused }) => [requests, reused])).toEqual([
      [1, 0],
      [0, 20],
    ]);
  });

  test('is asked again when that is wanted, and kept anew', async () => {
    const { model, analyze, uses } = await chainOn(service, careful);
    await analyze(posts(3));
    await analyze(posts(3), undefined, true);
    await analyze(posts(3));
    expect(model.requests).toHaveLength(2);
    expect(uses).toHaveLength(2);
  });

  test('is not kept when nothing is to be kept', async () => {
    const { model, analyze } = await chainOn(service, careful, { models: { cacheDays: 0 } });
    await analyze(posts(3));
    await analyze(posts(3));
    expect(model.requests).toHaveLength(2);
  });

  test('counts for every post of a batch that says the same', async () => {
    const { model, analyze, told } = await chainOn(service, careful);
    const same = [1, 2, 3].map((id) => request(id, 'login is down again'));
    const results = await analyze([...same, request(4, 'thanks')]);
    expect(model.requests.map((each) => each.posts.map(({ id }) => id))).toEqual([[1, 4]]);
    expect([1, 2, 3].map((id) => results.get(id)?.analysis.category)).toEqual(['outage', 'outage', 'outage']);
    expect(told.at(-1)).toMatchObject({ requests: 0, reused: 2 });
  });

  test('does not stand for a post that changed, nor for another taxonomy', async () => {
    const { model, analyze } = await chainOn(service, careful);
    await analyze([request(1, 'login is down')]);
    await analyze([request(1, 'login is down, edit: solved')]);
    await analyze([{ ...request(1, 'login is down'), title: 'now with a title' }]);
    expect(model.requests).toHaveLength(3);
  });

  test('nonsense is not kept', async () => {
    let answers = 0;
    const { model, analyze } = await chainOn(service, (shown) => {
      answers += 1;
      return answers === 1
        ? { results: shown.map(({ id }) => ({ id, category: 'no such' })) }
        : careful(shown);
    });
    expect((await analyze([request(1, 'login is down')])).get(1)?.analyzer).toBe('offline');
    expect((await analyze([request(1, 'login is down')])).get(1)?.analyzer).toBe(service[0]);
    expect(model.requests).toHaveLength(2);
  });

  test('is given also while the service cannot be asked, and the failure is told', async () => {
    let down = false;
    const { analyze, failures } = await chainOn(service, (shown) =>
      down ? { status: 401, error: { type: 'authentication_error', message: 'no' } } : careful(shown),
    );
    await analyze(posts(3));
    down = true;
    const results = await analyze([...posts(3), request(9, 'something new is down')]);
    expect([1, 2, 3].map((id) => results.get(id)?.analyzer)).toEqual([service[0], service[0], service[0]]);
    expect(results.get(9)?.analyzer).toBe('offline');
    expect(failures).toEqual([[service[0], 'model-bad-key']]);
  });

  test('is estimated beforehand without asking anybody', async () => {
    const { model, analyze, analyzers } = await chainOn(service, careful);
    await analyze(posts(5));
    const asked = model.requests.length;
    const estimate = await analyzers[0]?.estimate?.([...posts(5), ...posts(95, 100)], {});
    expect(model.requests).toHaveLength(asked);
    expect(estimate).toMatchObject({ obstacle: null, reused: 5 });
    await analyze(posts(95, 100));
    expect(estimate?.requests).toBe(model.requests.length - asked);
    expect(estimate?.costUsd).toBeGreaterThan(0);
    expect((await analyzers[0]?.estimate?.(posts(5), { fresh: true }))?.reused).toBe(0);
  });
});
