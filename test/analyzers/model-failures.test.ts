import { describe, expect, test } from 'vitest';
import { isWrongLanguage } from '../../source/analyzers/reason-language.ts';
import { labelPosts } from './fake-models.ts';
import { chainOn, posts, services } from './model-chain.ts';

const japanese =
  'この投稿はログイン障害について述べており、多くの利用者が製品に接続できないと報告しているため障害に分類しました。';

describe.each(services)('%s', (...service) => {
  test('whose reasons are in another language keeps its labels, loses the reasons, and it is said', async () => {
    const { model, analyze, warnings, failures } = await chainOn(service, (shown) => ({
      results: labelPosts(shown).map((label) => (label.id === 2 ? { ...label, reasoning: japanese } : label)),
    }));
    const results = await analyze(posts(3));
    expect(results.get(2)).toMatchObject({
      analyzer: service[0],
      analysis: {
        category: 'outage',
        urgency: 4,
        reasoning: 'The model gave its reason in another language than English, so it is left out.',
      },
    });
    expect(results.get(1)?.analysis.reasoning).toBe('it says so');
    expect(warnings).toEqual([
      `${service[0]} gave its reasons in another language (left out, the labels kept) for 1 post`,
    ]);
    // Labels are what was asked for: the words around them are not worth paying for again.
    expect(model.requests).toHaveLength(1);
    expect(failures).toEqual([]);
  });

  test('whose content filter refuses a batch with an error loses only the post that it is about', async () => {
    const { analyze, warnings, failures } = await chainOn(service, (shown) =>
      shown.some(({ id }) => id === 2)
        ? {
            status: 400,
            error: { type: 'content_filter', message: 'Output blocked by content filtering policy' },
          }
        : { results: labelPosts(shown) },
    );
    const results = await analyze(posts(4));
    expect([1, 2, 3, 4].map((id) => results.get(id)?.analyzer)).toEqual([
      service[0],
      'offline',
      service[0],
      service[0],
    ]);
    expect(warnings).toEqual([`${service[0]} has a content filter that stopped 1 post`]);
    expect(failures).toEqual([]);
  });

  test('that fails amid a batch keeps what was answered, and the failure is told', async () => {
    const { analyze, failures, uses } = await chainOn(
      service,
      (shown, request) =>
        request === 1
          ? { results: labelPosts(shown) }
          : { status: 401, error: { type: 'authentication_error', message: 'revoked' } },
      { models: { batchTokens: 500 } },
    );
    const results = await analyze(posts(30));
    const names = [...results.values()].map(({ analyzer }) => analyzer);
    expect(names).toContain(service[0]);
    expect(names).toContain('offline');
    expect(results.size).toBe(30);
    expect(failures).toEqual([[service[0], 'model-bad-key']]);
    expect(uses).toHaveLength(1);
  });
});

test.each([
  ['it says so', 'en', false],
  ['The author writes that the login page does not load for anybody in the office', 'en', false],
  ['The author quotes “この投稿はログイン障害について述べており多くの利用者が接続できない”', 'en', false],
  ['Der Verfasser schreibt, dass sich seit heute Morgen niemand mehr anmelden kann', 'en', true],
  ['Der Verfasser schreibt, dass sich seit heute Morgen niemand mehr anmelden kann', 'de', false],
  [japanese, 'en', true],
  ['', 'en', false],
  // Danish and Norwegian are taken for each other: a right answer is not thrown away.
  ['Forfatteren skriver at ingen kan logge inn i dag, og at siden ikke svarer', 'da', false],
])('a reason %j where %s is asked for is in the wrong language: %s', async (reasoning, language, wrong) => {
  expect(await isWrongLanguage(reasoning, language)).toBe(wrong);
});
