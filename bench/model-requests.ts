/**
 * What a model is asked for 1,000 posts of which 30% are echoes, against the
 * naive program that makes one call a post: requests and prompt tokens, counted
 * at the client, through the real pipeline and store. Then what it is asked when
 * all signals are analyzed again and none has changed.
 *
 * Usage: node bench/model-requests.ts
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAnswerMemory } from '../source/analyzers/answer-memory.ts';
import { analyzeWithChain } from '../source/analyzers/chain.ts';
import { createModelAnalyzer, promptTokens } from '../source/analyzers/model.ts';
import type { ModelClient } from '../source/analyzers/model-client.ts';
import { estimateTokens, makePrompt, postsPrompt } from '../source/analyzers/prompt.ts';
import { createPurse } from '../source/analyzers/purse.ts';
import { SpendMeter } from '../source/domain/spend.ts';
import { categoryIds, defaultTaxonomy } from '../source/domain/taxonomy.ts';
import { createAnalysisDesk } from '../source/harvester/analysis-desk.ts';
import type { AnalysisChain } from '../source/pipeline/analyze.ts';
import { systemClock } from '../source/ports/clock.ts';
import { openStore } from '../source/store/store.ts';
import { harvestScripted, listSource, scriptedParts, syntheticPosts } from '../test/pipeline/scripted.ts';

const total = 1_000;
const echoes = 300;
const posts = syntheticPosts('acme', total - echoes, total).map((post, index) => ({
  ...post,
  text: `Since the update number ${index} the app cannot ${post.text}, and support has not answered me for two days now`,
}));
const copies = posts
  .slice(0, echoes)
  .map((post, index) => ({ ...post, externalId: `copy-${index}`, text: `RT @somebody: ${post.text}` }));

const prompt = makePrompt(defaultTaxonomy);
const asked = { requests: 0, tokens: 0 };
const client: ModelClient = {
  name: 'openai',
  model: 'counting',
  async ask({ user }) {
    asked.requests += 1;
    asked.tokens += promptTokens(prompt) + estimateTokens(user);
    const ids = user
      .split('\n')
      .slice(1, -1)
      .map((line) => (JSON.parse(line) as { id: number }).id);
    const label = {
      category: 'bug',
      sentiment: 'negative',
      urgency: 3,
      tags: [],
      reasoning: 'counted',
      confidence: 0.9,
    };
    const usage = { inputTokens: 0, cachedTokens: 0, outputTokens: 0 };
    return { content: { results: ids.map((id) => ({ id, ...label })) }, stop: 'done', usage };
  },
};

const folder = mkdtempSync(join(tmpdir(), 'signal-harvester-bench-'));
try {
  const store = await openStore(join(folder, 'bench.sqlite'));
  const noCaps = { perRunUsd: null, perDayUsd: null, perMonthUsd: null };
  const meter = new SpendMeter(noCaps, { todayUsd: 0, monthUsd: 0 });
  const tools = { ledger: store, clock: systemClock, meter: () => meter };
  const categories = new Set<string>(categoryIds);
  const mark = { name: 'openai/counting', promptVersion: prompt.version };
  const analyzer = createModelAnalyzer(client, {
    mark,
    prompt,
    categories,
    language: 'en',
    purse: createPurse(mark.name, { inputUsd: 0, cachedUsd: 0, outputUsd: 0 }, tools),
    memory: createAnswerMemory(mark, { ...tools, categories, cacheDays: 90 }),
    clock: systemClock,
    batchTokens: 6_000,
    retries: 0,
    maxWaitMs: 0,
  });
  const chain: AnalysisChain = {
    batchSize: analyzer.batchSize,
    begin: async () => undefined,
    analyze: async (batch, watch) =>
      (await analyzeWithChain([analyzer], batch, watch)).map(({ signalId, analysis, analyzer: name }) => ({
        signalId,
        analysis: { ...analysis, analyzer: name },
      })),
  };
  const run = await harvestScripted(store, [listSource('one', [...posts, ...copies])], { chain });
  const first = { ...asked };
  const { clock, scoring } = scriptedParts(store);
  const desk = createAnalysisDesk(
    {
      store,
      clock,
      scoring,
      analyzers: [analyzer],
      chainOf: () => chain,
      modelCaps: noCaps,
      flags: async () => ({ isOn: () => true }),
    },
    async () => ({ filter: {}, sort: 'oldest' }),
  );
  const again = await desk.reanalyze({ query: {}, save: true, limit: 0 });
  await store.close();
  const naive = { requests: total, tokens: 0 };
  for (const [index, post] of [...posts, ...copies].entries()) {
    const request = {
      signalId: index,
      kind: 'list',
      author: post.author,
      title: null,
      text: post.text,
      lang: null,
    };
    naive.tokens += promptTokens(prompt) + estimateTokens(postsPrompt([request]));
  }
  const ratio = (ours: number, theirs: number) => (ours / theirs).toFixed(3);
  process.stdout.write(
    `${total} posts, ${run.signals} signals\n` +
      `requests       ${first.requests} against ${naive.requests}: ${ratio(first.requests, naive.requests)} (at most 0.1)\n` +
      `prompt tokens  ${first.tokens} against ${naive.tokens}: ${ratio(first.tokens, naive.tokens)} (at most 0.333), estimated\n` +
      `again          ${asked.requests - first.requests} requests for ${again.saved} unchanged signals (at most 0)\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
