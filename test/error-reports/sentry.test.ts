import { describe, expect, test } from 'vitest';
import { openSentryReporter } from '../../source/error-reports/sentry.ts';
import { createErrorBook } from '../../source/harvester/errors.ts';
import type { ErrorReporter } from '../../source/ports/errors.ts';
import { sampleGroup, sampleOccurrence } from '../errors-sample.ts';
import { listen } from '../notifiers/listen.ts';
import { stoppedClock } from '../pipeline/scripted.ts';
import { temporaryStore } from '../store/temporary-store.ts';

/** A collector on loopback that keeps what it gets. */
async function collector() {
  const got: { method: string; path: string; lines: unknown[] }[] = [];
  let status = 200;
  const { url } = await listen((request, response, body) => {
    const lines = body.split('\n').filter((line) => line !== '');
    got.push({
      method: request.method ?? '',
      path: request.url ?? '',
      lines: lines.map((line) => JSON.parse(line)),
    });
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  return {
    got,
    dsn: url.replace('http://', 'http://publickey@').concat('/42'),
    answer: (code: number) => {
      status = code;
    },
  };
}

const signal = () => AbortSignal.timeout(5_000);

describe('a report to a collector', () => {
  test('is the group as it is kept, field by field, and nothing else', async () => {
    const { got, dsn } = await collector();
    await openSentryReporter(dsn).report(sampleGroup(7, { code: 'SQLITE_CORRUPT', count: 3 }), signal());
    expect(got.map(({ method, path }) => [method, path.split('?')[0]])).toEqual([
      ['POST', '/api/42/envelope/'],
    ]);
    const [head, item, event] = got[0]?.lines ?? [];
    const at = Date.UTC(2026, 10, 22, 10, 7);
    const id = `${'7'.padStart(16, '0')}${at.toString(16).padStart(16, '0')}`;
    expect(head).toEqual({ event_id: id, sent_at: expect.any(String) });
    expect(item).toEqual({ type: 'event' });
    expect(event).toEqual({
      event_id: id,
      timestamp: at / 1000,
      platform: 'node',
      level: 'error',
      release: 'signal-harvester@1.0.0',
      fingerprint: ['7'.padStart(16, '0')],
      exception: {
        values: [
          {
            type: 'TypeError',
            value: 'error 7',
            stacktrace: {
              frames: [
                {
                  function: 'process.run',
                  filename: 'node:internal/process/task_queues',
                  lineno: 104,
                  colno: 5,
                  in_app: false,
                },
                { function: 'save', filename: 'source/store/views.ts', lineno: 12, colno: 3, in_app: true },
              ],
            },
          },
        ],
      },
      breadcrumbs: [{ timestamp: at / 1000, category: 'command', message: 'run' }],
      tags: { origin: 'command', state: 'open', code: 'SQLITE_CORRUPT' },
      extra: { count: 3, firstSeenAt: at, firstVersion: '1.0.0' },
    });
    expect(got[0]?.lines).toHaveLength(3);
  });

  test('that is refused, or has nowhere to go, is an error of its caller', async () => {
    const { answer, dsn } = await collector();
    answer(403);
    await expect(openSentryReporter(dsn).report(sampleGroup(1), signal())).rejects.toThrow('403');
    await expect(openSentryReporter('http://[').report(sampleGroup(1), signal())).rejects.toThrow(
      'not a DSN',
    );
  });
});

describe('what is sent', () => {
  const bookOf = async (reporter: ErrorReporter | null) => {
    const store = await temporaryStore();
    const warnings: unknown[] = [];
    const logger = { warn: (...said: unknown[]) => void warnings.push(said) } as never;
    const book = createErrorBook({
      store,
      clock: stoppedClock,
      spool: { waiting: () => [] },
      reporter,
      logger,
    });
    return { store, book, warnings };
  };

  test('is each group once, those that could not be sent again later', async () => {
    const { got, dsn, answer } = await collector();
    const { store, book, warnings } = await bookOf(openSentryReporter(dsn));
    await store.addErrors(
      'batch-one',
      [1, 2].map((number) => sampleOccurrence(number, number)),
      3,
    );
    answer(500);
    expect([await book.report(), got.length, warnings.length]).toEqual([0, 1, 1]);
    answer(200);
    expect([await book.report(), await book.report(), got.length]).toEqual([2, 0, 3]);
  });

  test('is nothing without consent', async () => {
    const { store, book } = await bookOf(null);
    await store.addErrors('batch-one', [sampleOccurrence(1, 1)], 3);
    expect(await book.report()).toBe(0);
    expect(await store.unreportedErrors(10)).toHaveLength(1);
  });
});
