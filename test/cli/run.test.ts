import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configFor, feed, items, serve } from './feeds.ts';
import { ended, makeWorkplace } from './program.ts';

interface RunJson {
  readonly run: {
    readonly state: string;
    readonly sources: readonly {
      name: string;
      state: string;
      fetched: number;
      added: number;
      seen: number;
    }[];
    readonly signals: number;
  };
  readonly top: readonly { id: number; text: string; salience: number }[];
}

describe('a harvest of two feeds', () => {
  it('prints the top signals, tells on stderr how it went, and ends with 0', async () => {
    const base = await serve({ '/one': feed(items.slice(0, 2)), '/two': feed(items.slice(2)) });
    const place = makeWorkplace({ 'config.yaml': configFor(base, ['/one', '/two']) });
    const { code, stdout, stderr } = await place.run(['run']);
    expect(stderr).toMatch(/^done +one \(2 read, 2 new/m);
    expect(stderr).toMatch(/^done +two \(2 read, 2 new/m);
    expect(stderr).toMatch(/done: 4 new posts, 4 new signals/);
    expect(stdout).toMatch(/^SALIENCE +ID +AGE/);
    for (const { text } of items) expect(stdout).toContain(text);
    expect(code).toBe(0);
  });

  it('has a JSON face with nothing else on stdout, and silence on stderr', async () => {
    const base = await serve({ '/one': feed(items) });
    const place = makeWorkplace({ 'config.yaml': configFor(base, ['/one']) });
    const { code, stdout, stderr } = await place.run(['run', '--json', '--limit', '2']);
    const { run, top } = JSON.parse(stdout) as RunJson;
    expect(run).toMatchObject({
      state: 'done',
      signals: 4,
      sources: [{ name: 'one', state: 'done', fetched: 4, added: 4 }],
    });
    expect(top).toHaveLength(2);
    expect(top[0]?.salience).toBeGreaterThanOrEqual(top[1]?.salience ?? Number.NaN);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('adds nothing the second time', async () => {
    const base = await serve({ '/one': feed(items) });
    const place = makeWorkplace({ 'config.yaml': configFor(base, ['/one']) });
    await place.run(['run']);
    const { run } = JSON.parse((await place.run(['run', '--json'])).stdout) as RunJson;
    expect(run.sources[0]).toMatchObject({ added: 0 });
    expect(run.signals).toBe(0);
  });

  it('ends with 3 when one of them fails, and keeps what the other gave', async () => {
    const base = await serve({ '/good': feed(items) });
    const place = makeWorkplace({ 'config.yaml': configFor(base, ['/good', '/gone']) });
    const { code, stdout, stderr } = await place.run(['run']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^failed +gone .*404/m);
    expect(stderr).toMatch(/^ +fix: /m);
    expect(stdout).toContain(items[0]?.text);
  });

  it('ends with 4 when none could be reached', async () => {
    const base = await serve({});
    const place = makeWorkplace({ 'config.yaml': configFor(base, ['/a', '/b']) });
    const { code, stderr } = await place.run(['run']);
    expect(code).toBe(4);
    expect(stderr).toContain('no source could be reached');
  });

  it('fetches only the sources that were named, and suggests the nearest name', async () => {
    const base = await serve({ '/one': feed(items), '/two': feed(items) });
    const place = makeWorkplace({ 'config.yaml': configFor(base, ['/one', '/two']) });
    const { run } = JSON.parse((await place.run(['run', '--source', 'two', '--json'])).stdout) as RunJson;
    expect(run.sources.map(({ name }) => name)).toEqual(['two']);
    const wrong = await place.run(['run', '--source', 'tow']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('did you mean "two"?');
  });

  it('can be done stage by stage', async () => {
    const base = await serve({ '/one': feed(items) });
    const place = makeWorkplace({ 'config.yaml': configFor(base, ['/one']) });
    expect((await place.run(['fetch'])).code).toBe(0);
    expect(JSON.parse((await place.run(['list', '--json'])).stdout)).toEqual({ signals: [], hasMore: false });
    expect((await place.run(['analyze'])).code).toBe(0);
    expect((await place.run(['score', '--all'])).code).toBe(0);
    const { signals } = JSON.parse((await place.run(['top', '--json'])).stdout) as {
      signals: { salience: number }[];
    };
    expect(signals).toHaveLength(4);
    for (const { salience } of signals) expect(salience).toBeGreaterThan(0);
  });
});

describe('an interruption', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s ends with 130, keeps what was read, and the next run goes on',
    async (signal) => {
      const slow = Promise.withResolvers<void>();
      const base = await serve({ '/one': feed(items), '/slow': () => slow.resolve() });
      const place = makeWorkplace({ 'config.yaml': configFor(base, ['/one', '/slow']) });
      const child = place.start(['run']);
      const end = ended(child);
      await slow.promise;
      child.kill(signal);
      const { code, stderr } = await end;
      expect(code).toBe(130);
      expect(stderr).toContain('interrupted');
      const { signals } = JSON.parse((await place.run(['list', '--json', '--all'])).stdout) as {
        signals: unknown[];
      };
      expect(signals.length).toBeLessThanOrEqual(4);
      const { run } = JSON.parse((await place.run(['run', '--source', 'one', '--json'])).stdout) as RunJson;
      expect(run.state).toBe('done');
      expect(
        (JSON.parse((await place.run(['list', '--json'])).stdout) as { signals: unknown[] }).signals,
      ).toHaveLength(4);
    },
  );
});

describe('without a configuration', () => {
  it('"run" ends with 2 and says how to make one', async () => {
    const { code, stdout, stderr } = await makeWorkplace().run(['run']);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: There is no configuration/);
    expect(stderr).toMatch(/^fix: .*init --topic/m);
  });

  it('and without a terminal, the bare program harvests the sample and leaves nothing behind', async () => {
    const place = makeWorkplace();
    const temporary = place.folder;
    const { code, stdout, stderr } = await place.run([], { env: { TMPDIR: temporary } });
    expect(code).toBe(0);
    expect(stderr).toContain('There is no configuration yet');
    expect(stdout).toMatch(/^SALIENCE/);
    expect(readdirSync(temporary).filter((name) => name.includes('demo'))).toEqual([]);
  });

  it('--demo lets every command find the sample', async () => {
    const place = makeWorkplace();
    const { code, stdout } = await place.run(['top', '--demo', '--json', '--limit', '5']);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { signals: unknown[] }).signals).toHaveLength(5);
    expect(existsSync(join(place.folder, 'signals.sqlite'))).toBe(false);
  });
});

it('the bare program in a pipe behaves as "run"', async () => {
  const base = await serve({ '/one': feed(items) });
  const place = makeWorkplace({ 'config.yaml': configFor(base, ['/one']) });
  const { code, stdout, stderr } = await place.run([]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^done +one/m);
  expect(stdout).toMatch(/^SALIENCE/);
});

it('a second SIGINT ends at once', async () => {
  const waiting = Promise.withResolvers<void>();
  const base = await serve({ '/slow': () => waiting.resolve() });
  const place = makeWorkplace({ 'config.yaml': configFor(base, ['/slow']) });
  const child = place.start(['run']);
  const end = ended(child);
  await waiting.promise;
  child.kill('SIGINT');
  child.kill('SIGINT');
  expect((await end).code).toBe(130);
  if (child.exitCode === null) await once(child, 'exit');
});
