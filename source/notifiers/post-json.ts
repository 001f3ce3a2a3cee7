import type { SendFailure } from '../ports/notifier.ts';
import { networkFailure, statusFailure } from './failure.ts';

export interface Posting {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Whom the words of a failure are about. */
  readonly where: string;
  readonly now: number;
}

const longestAnswer = 4_096;

/**
 * One POST of JSON; never again by itself, and never to where a redirect
 * points. The address is the configuration's own word, so it may be private.
 *
 * @returns the beginning of the answer, or why there is none that counts
 */
export async function postJson({
  url,
  body,
  headers,
  timeoutMs,
  where,
  now,
}: Posting): Promise<
  { readonly answer: string } | { readonly failure: SendFailure; readonly answer: string }
> {
  try {
    const { request } = await import('undici');
    const response = await request(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'user-agent': 'signal-harvester', ...headers },
      signal: AbortSignal.timeout(timeoutMs),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    const answer = await readStart(response.body).catch((error: unknown) => {
      // The status has said that the message was taken: what is lost are words that nobody reads.
      if (response.statusCode < 300 && networkFailure(error, where) !== null) return '';
      throw error;
    });
    const retryAfter = response.headers['retry-after'];
    const wait = typeof retryAfter === 'string' ? retryAfter : null;
    const failure = statusFailure(response.statusCode, where, wait, now);
    return failure === null ? { answer } : { failure, answer };
  } catch (error) {
    const failure = networkFailure(error, where);
    if (failure === null) throw error;
    return { failure, answer: '' };
  }
}

async function readStart(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    parts.push(part);
    size += part.length;
    if (size > longestAnswer) break;
  }
  body.destroy();
  return Buffer.concat(parts).toString('utf8').slice(0, longestAnswer);
}
