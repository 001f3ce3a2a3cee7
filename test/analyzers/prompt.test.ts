import { describe, expect, test } from 'vitest';
import { answerKey, makePrompt } from '../../source/analyzers/prompt.ts';
import { defaultTaxonomy } from '../../source/domain/taxonomy.ts';
import { labelPosts } from './fake-models.ts';
import { chainOn, posts, request, services } from './model-chain.ts';

const refund = { id: 'refund', description: 'wants money back', examples: ['money back'], boost: 2 };

describe('the prompt', () => {
  test('names every category with its description and examples, and the answer can be no other', () => {
    const { system, schema } = makePrompt([refund, ...defaultTaxonomy]);
    expect(system).toContain('- refund: wants money back (for example: "money back")\n- outage: ');
    expect(JSON.stringify(schema)).toContain('"enum":["refund","outage",');
  });

  test('has a version that is the same for the same prompt and another for another', () => {
    const { version } = makePrompt(defaultTaxonomy);
    expect(version).toMatch(/^[0-9a-f]{8}$/);
    expect(makePrompt(defaultTaxonomy).version).toBe(version);
    const others = [
      makePrompt([refund, ...defaultTaxonomy]).version,
      makePrompt([{ ...refund, examples: [] }, ...defaultTaxonomy]).version,
      makePrompt([{ ...refund, description: 'asks for money' }, ...defaultTaxonomy]).version,
      makePrompt(defaultTaxonomy.toReversed()).version,
      makePrompt(defaultTaxonomy, 'de').version,
    ];
    expect(new Set([version, ...others]).size).toBe(others.length + 1);
  });

  test('is another one without being paid for when only a boost changes', () => {
    const dear = defaultTaxonomy.map((category) => ({ ...category, boost: 9 }));
    expect(makePrompt(dear).version).toBe(makePrompt(defaultTaxonomy).version);
  });

  test('asks for another language where one is set', () => {
    expect(makePrompt(defaultTaxonomy).system).toContain('in English.');
    expect(makePrompt(defaultTaxonomy, 'de').system).toContain('in German.');
  });

  test('keeps answers under model, version and the post as it is sent, but not its id', () => {
    const mark = { name: 'openai/a', promptVersion: '1' };
    const key = answerKey(mark, request(1, 'text'));
    expect(answerKey(mark, request(2, 'text'))).toBe(key);
    expect(answerKey({ ...mark, name: 'openai/b' }, request(1, 'text'))).not.toBe(key);
    expect(answerKey({ ...mark, promptVersion: '2' }, request(1, 'text'))).not.toBe(key);
    expect(answerKey(mark, { ...request(1, 'text'), author: 'else' })).not.toBe(key);
    // What is cut off before sending cannot matter.
    const long = 'x'.repeat(3000);
    expect(answerKey(mark, request(1, long))).toBe(answerKey(mark, request(1, `${long}!`)));
  });

  test.each(services)(
    'is the same prefix in every request to %s, and no post is in it',
    async (...service) => {
      const { model, analyze } = await chainOn(service, (shown) => ({ results: labelPosts(shown) }));
      await analyze(posts(3));
      await analyze(posts(3, 50));
      const [first, second] = model.requests.map(({ body }) => {
        const { messages, ...rest } = body as { messages: { role: string }[] };
        return JSON.stringify([rest, messages.filter(({ role }) => role === 'system')]);
      });
      expect(model.requests).toHaveLength(2);
      expect(first).toContain('Categories, most pressing first');
      // Anthropic's limit on the output stands outside the cached prefix; both batches are of one size.
      expect(second).toBe(first);
      expect(first).not.toContain('login is down');
    },
  );
});

test('an analysis says which model made it with which prompt', async () => {
  const { analyze } = await chainOn(services[0], (shown) => ({ results: labelPosts(shown).slice(0, 1) }));
  const results = await analyze(posts(2));
  expect(results.get(1)?.model).toEqual({
    name: 'openai/gpt-5-mini',
    promptVersion: makePrompt(defaultTaxonomy).version,
  });
  expect(results.get(2)?.analyzer).toBe('openai');
});

test('a category of the analyst’s own is taken from a model, one that is gone is not', async () => {
  const taxonomy = [refund, { id: 'other', description: 'none of these' }];
  const { analyze, warnings } = await chainOn(
    services[0],
    (shown) => ({
      results: labelPosts(shown).map((label) => ({
        ...label,
        category: label.id === 1 ? 'refund' : 'outage',
      })),
    }),
    { taxonomy },
  );
  const results = await analyze(posts(2));
  expect(results.get(1)?.analysis.category).toBe('refund');
  expect(results.get(2)).toMatchObject({ analyzer: 'offline', analysis: { category: 'other' } });
  expect(warnings).toEqual(['openai gave no usable answer to 1 post']);
});
