import { describe, expect, onTestFinished, test } from 'vitest';
import { labelPosts } from '../analyzers/fake-models.ts';
import { chainOn, posts, services } from '../analyzers/model-chain.ts';
import { type Fault, faults, openFaultProxy } from './fault-proxy.ts';

/** What the run is told of a fault that lasts; `delay` is none. */
const codes = {
  drop: 'model-unreachable',
  lost: 'model-unreachable',
  stall: 'model-timeout',
  drip: 'model-timeout',
  corrupt: 'model-broke-off',
  'server-error': 'model-overloaded',
  'foreign-page': 'model-bad-answer',
  'rate-limit': 'model-rate-limited',
  'too-long': 'model-broke-off',
  'too-short': 'model-broke-off',
  reset: 'model-broke-off',
  'cut-chunked': 'model-broke-off',
} as const;

const isSlow = (fault: Fault) => fault === 'stall' || fault === 'drip';

describe.each(services)('%s behind a network that fails', (name, fake) => {
  const chainBehind = async (fault: Fault) => {
    const model = await fake((asked) => ({ results: labelPosts(asked) }));
    const { pathname, origin } = new URL(model.baseUrl);
    const proxy = await openFaultProxy(origin, { stallMs: 3_000 });
    onTestFinished(() => proxy.close());
    const baseUrl = `${proxy.url}${pathname.replace(/\/$/, '')}`;
    const models = { [name]: { baseUrl }, timeoutMs: isSlow(fault) ? 1_000 : 30_000, retries: 1 };
    const chain = await chainOn([name, fake], () => ({}), { models });
    return { chain, proxy };
  };

  test('a fault that passes costs another request and no answer', async () => {
    for (const fault of faults) {
      const { chain, proxy } = await chainBehind(fault);
      proxy.next.push(fault);
      const answers = [...(await chain.analyze(posts(3))).values()];
      expect([fault, answers.map(({ analyzer }) => analyzer)]).toEqual([fault, [name, name, name]]);
      expect([fault, chain.failures]).toEqual([fault, []]);
      expect(proxy.requests).toBe(fault === 'delay' ? 1 : 2);
    }
  });

  test('a fault that lasts leaves the posts to the next analyzer, and says why in words', async () => {
    for (const [fault, code] of Object.entries(codes)) {
      // A second of each: what was found above is that one costs nothing.
      if (fault === 'stall') continue;
      const { chain, proxy } = await chainBehind(fault as Fault);
      proxy.next.push(fault as Fault, fault as Fault);
      const answers = [...(await chain.analyze(posts(2))).values()];
      expect([fault, answers.map(({ analyzer }) => analyzer)]).toEqual([fault, ['offline', 'offline']]);
      expect([fault, chain.failures]).toEqual([fault, [[name, code]]]);
    }
  });
});
