/**
 * What a model is asked for 1,000 posts of which 30% are echoes, against the
 * naive program that makes one call a post: requests and prompt tokens, counted
 * at the client, through the real pipeline and store.
 *
 * Usage: node bench/model-requests.ts
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyzeWithChain } from '../source/analyzers/chain.ts';
import { createModelAnalyzer, type ModelClient } from '../source/analyzers/model.ts';
import { estimateTokens, postsPrompt, systemPrompt } from '../source/analyzers/prompt.ts';
import { defaultTaxonomy } from '../source/domain/taxonomy.ts';
import { systemClock } from '../source/ports/clock.ts';
import { openStore } from '../source/store/store.ts';
import { harvestScripted, listSource, syntheticPosts } from '../test/pipeline/scripted.ts';

const total = 1_000;
const echoes = 300;
const posts = syntheticPosts('acme', total - echoes, total).map((post, index) => ({
  ...post,
  text: `Since the update number ${index} the app cannot ${post.text}, and support has not answered me for two days now`,
}));
const copies = posts
  .slice(0, echoes)
  .map((post, index) => ({ ...post, externalId: `copy-${index}`, text: `RT @somebody: ${post.text}` }));

const system = systemPrompt(defaultTaxonomy);
const asked = { requests: 0, tokens: 0 };
const client: ModelClient = {
  name: 'openai',
  model: 'counting',
  async ask(prompt, user) {
    asked.requests += 1;
    asked.tokens += estimateTokens(prompt) + estimateTokens(user);
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
const analyzer = createModelAnalyzer(client, {
  system,
  purse: { setAside: () => async () => undefined },
  clock: systemClock,
  batchTokens: 6_000,
  retries: 0,
  maxWaitMs: 0,
});

const folder = mkdtempSync(join(tmpdir(), 'signal-harvester-bench-'));
try {
  const store = await openStore(join(folder, 'bench.sqlite'));
  const run = await harvestScripted(store, [listSource('one', [...posts, ...copies])], {
    chain: {
      batchSize: analyzer.batchSize,
      begin: async () => undefined,
      analyze: async (batch, options) =>
        (await analyzeWithChain([analyzer], batch, options)).map(
          ({ signalId, analysis, analyzer: name }) => ({
            signalId,
            analysis: { ...analysis, analyzer: name },
          }),
        ),
    },
  });
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
    naive.tokens += estimateTokens(system) + estimateTokens(postsPrompt([request]));
  }
  const ratio = (ours: number, theirs: number) => (ours / theirs).toFixed(3);
  process.stdout.write(
    `${total} posts, ${run.signals} signals\n` +
      `requests       ${asked.requests} against ${naive.requests}: ${ratio(asked.requests, naive.requests)} (at most 0.1)\n` +
      `prompt tokens  ${asked.tokens} against ${naive.tokens}: ${ratio(asked.tokens, naive.tokens)} (at most 0.333), estimated\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
