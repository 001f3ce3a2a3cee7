import type { UsageCollector } from '../ports/usage.ts';

/**
 * A collector at an address of the configuration: one POST of JSON. Redirects
 * are not followed, so that nothing goes anywhere that nobody agreed to.
 *
 * @param url https, or http on this machine alone: the schema of the configuration says so
 */
export function openCollector(url: string, timeoutMs: number): UsageCollector {
  const where = new URL(url).host;
  return {
    where,
    send: async (payload) => {
      try {
        const { request } = await import('undici');
        const { statusCode, body } = await request(url, {
          method: 'POST',
          body: JSON.stringify(payload),
          headers: { 'content-type': 'application/json', 'user-agent': 'signal-harvester' },
          signal: AbortSignal.timeout(timeoutMs),
          headersTimeout: timeoutMs,
          bodyTimeout: timeoutMs,
        });
        // What it answers is of no interest.
        body.on('error', () => undefined).destroy();
        if (statusCode >= 200 && statusCode < 300) return null;
        return statusCode >= 300 && statusCode < 400
          ? `it points elsewhere (status ${statusCode}), which is not followed`
          : `it answered with status ${statusCode}`;
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
        return error instanceof Error && error.name === 'TimeoutError'
          ? 'it did not answer in time'
          : `it could not be reached${code}`;
      }
    },
  };
}
