import { describe, expect, test } from 'vitest';
import { parseAnswer, readResults } from '../../source/analyzers/read-answer.ts';
import { labelPosts } from './fake-models.ts';
import { chainOn, posts, services } from './model-chain.ts';

const [openai] = services;
const careful = (shown: Parameters<typeof labelPosts>[0]) => ({ results: labelPosts(shown) });

interface Body {
  readonly response_format?: { readonly type: string };
  readonly messages: readonly { readonly content: string }[];
  readonly [name: string]: unknown;
}
const bodies = (model: { requests: readonly { body: unknown }[] }) =>
  model.requests.map(({ body }) => body as Body);

describe('a server with the Chat Completions API', () => {
  test('that takes JSON but no schema gets it in the prompt, is asked so from then on, and it is said', async () => {
    const { model, analyze, warnings } = await chainOn(openai, careful, {
      manners: { formats: ['json_object'] },
    });
    expect((await analyze(posts(3))).get(1)?.analyzer).toBe('openai');
    expect((await analyze(posts(3, 10))).get(11)?.analyzer).toBe('openai');
    expect(bodies(model).map(({ response_format }) => response_format?.type)).toEqual([
      'json_schema',
      'json_object',
      'json_object',
    ]);
    expect(bodies(model)[1]?.messages[0]?.content).toContain('"enum":["outage"');
    expect(warnings[0]).toMatch(
      /^openai: 127\.0\.0\.1:\d+ does not take a JSON schema, so it stands in the prompt$/,
    );
  });

  test('that takes plain text only is asked for that, and no money is counted for refusals', async () => {
    const { model, analyze, uses } = await chainOn(openai, careful, { manners: { formats: ['none'] } });
    expect((await analyze(posts(3))).get(1)?.analyzer).toBe('openai');
    expect(bodies(model).map(({ response_format }) => response_format?.type)).toEqual([
      'json_schema',
      'json_object',
      undefined,
    ]);
    expect(uses).toHaveLength(1);
  });

  test('that knows neither effort nor the newer limit is asked without', async () => {
    const { model, analyze, warnings } = await chainOn(openai, careful, {
      manners: { refuses: ['max_completion_tokens', 'reasoning_effort'] },
    });
    expect((await analyze(posts(3))).get(1)?.analyzer).toBe('openai');
    const last = bodies(model).at(-1);
    expect(last).toHaveProperty('max_tokens');
    expect(last).not.toHaveProperty('max_completion_tokens');
    expect(last).not.toHaveProperty('reasoning_effort');
    expect(warnings.join('\n')).toContain('takes no reasoningEffort');
    expect(warnings.join('\n')).toContain('takes max_tokens instead of max_completion_tokens');
  });

  test('that refuses every form is given up after a bounded number of requests, with its own words', async () => {
    const { model, analyze, warnings } = await chainOn(openai, careful, { manners: { formats: [] } });
    expect((await analyze(posts(3))).get(1)?.analyzer).toBe('offline');
    expect(model.requests).toHaveLength(3);
    expect(warnings[0]).toContain("refuses the request (HTTP 400: 'response_format.type' must be");
  });

  test.each([
    ['fenced', (json: string) => `\`\`\`json\n${json}\n\`\`\``],
    [
      'between sentences',
      (json: string) => `Sure! Here are the labels:\n${json}\nLet me know {if} you need more.`,
    ],
    ['fenced between sentences', (json: string) => `Here:\n\`\`\`\n${json}\n\`\`\`\nDone.`],
    ['behind its thoughts', (json: string) => `<think>post 1 is {hard}</think>\n${json}`],
    ['as a bare list', (json: string) => JSON.stringify((JSON.parse(json) as { results: unknown }).results)],
    ['with ids as text', (json: string) => json.replace(/"id":(\d+)/g, '"id":"$1"')],
  ])('whose answer is %s is understood', async (_, dress) => {
    const { analyze } = await chainOn(
      openai,
      (shown) => ({ raw: dress(JSON.stringify({ results: labelPosts(shown) })) }),
      { models: { retries: 0 } },
    );
    const results = await analyze(posts(2));
    expect([...results.values()].map(({ analyzer }) => analyzer)).toEqual(['openai', 'openai']);
  });
});

test('an answer that is no JSON is null and an answer in another shape is empty, never an error', () => {
  for (const text of [null, '', 'no', '[', '{"a":', '```json\n```', '<think>', 'null', '"text"', '7']) {
    expect(parseAnswer(text)).toBeNull();
  }
  const categories = new Set(['bug']);
  for (const content of [null, 1, 'x', [], [1, null], { results: 3 }, { results: [{ id: 1 }] }, { id: {} }]) {
    expect(readResults(content, new Set([1]), categories).size).toBe(0);
  }
});
