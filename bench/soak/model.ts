import { createHash } from 'node:crypto';
import type { Handler } from '../../test/sources/loopback.ts';

const categories = ['outage', 'security', 'churn', 'bug', 'question', 'feature', 'praise', 'other'];

/** What the model says of a post: always the same of the same words. */
export function judge(title: string | null, text: string) {
  const [first = 0, second = 0, third = 0] = createHash('sha256')
    .update(`${title ?? ''}\n${text}`)
    .digest();
  return {
    category: categories[first % categories.length] ?? 'other',
    sentiment: ['negative', 'neutral', 'positive'][second % 3] ?? 'neutral',
    urgency: third % 6,
    tags: [`tag${first % 5}`],
    reasoning: 'The words of the post say so.',
    confidence: 0.9,
  };
}

/** A server with OpenAI's Chat Completions API. */
export const modelServer: Handler = async (request, response) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  const { model, messages } = JSON.parse(text) as { model: string; messages: { content: string }[] };
  const posts = (messages[1]?.content ?? '')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { id: number; title?: string; text: string });
  const results = posts.map((post) => ({ id: post.id, ...judge(post.title ?? null, post.text) }));
  const message = { role: 'assistant', content: JSON.stringify({ results }), refusal: null };
  const body = {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 0,
    model,
    choices: [{ index: 0, finish_reason: 'stop', message }],
    usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
  };
  response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
};
