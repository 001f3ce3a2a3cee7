import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { listen } from '../notifiers/listen.ts';
import { ended, makeWorkplace } from './program.ts';

const secret = 'planted-secret-0123456789';
const config = `topic: acme
store: { path: store.sqlite }
log: { path: logs/app.log }
sources: [{ name: sample, kind: demo, enabled: false }]
`;

/** A program whose next look at the views is a bug: their table is gone, its new name holds a secret. */
async function brokenProgram() {
  const place = makeWorkplace({ 'config.yaml': config });
  const env = { OPENAI_API_KEY: secret, SIGNAL_HARVESTER_TOPIC: 'planted topic' };
  const run = (...args: string[]) => place.run(args, { env });
  await run('errors', 'list');
  const alter = (sql: string) => {
    const db = new Database(join(place.folder, 'store.sqlite'));
    db.exec(sql);
    db.close();
  };
  // A view of SQL over what does not exist fails with the words of its definition.
  alter(`ALTER TABLE views RENAME TO gone; CREATE VIEW views AS SELECT * FROM "${secret}"`);
  return { ...place, env, run, alter };
}

test('a crash is recorded, shown at the next start, resolved, and regressed when it comes again', async () => {
  const { folder, run, alter } = await brokenProgram();
  const crash = await run('views', 'list');
  expect([crash.code, crash.stderr.includes('This is a bug')]).toEqual([1, true]);
  expect(readdirSync(join(folder, 'logs'))).toContain('app.errors.jsonl');

  const listed = JSON.parse((await run('errors', 'list', '--json')).stdout);
  expect(listed).toMatchObject({
    unresolved: 1,
    errors: [
      {
        type: 'SqliteError',
        code: 'SQLITE_ERROR',
        message: 'no such table: main.[secret]',
        origin: 'operation',
        count: 1,
        state: 'open',
        breadcrumbs: [
          { kind: 'command', text: 'views' },
          { kind: 'operation', text: 'views.list' },
        ],
      },
    ],
  });
  const { id } = listed.errors[0];
  expect(listed.errors[0].stack).toMatch(/^at .*node_modules\/better-sqlite3/);
  expect((await run('errors', 'resolve', String(id))).stdout).toContain('is resolved');
  await run('views', 'list');
  const shown = await run('errors', 'show', String(id));
  expect(shown.stdout).toContain('regressed, 2 times');

  // Nowhere in what is kept: neither secrets nor where the program and its owner live.
  alter('DROP VIEW views');
  for (const text of [shown.stdout, ...kept(folder)]) {
    for (const planted of [secret, folder, 'planted topic']) expect(text).not.toContain(planted);
  }
});

function kept(folder: string): readonly string[] {
  const logs = readdirSync(join(folder, 'logs')).map((name) =>
    readFileSync(join(folder, 'logs', name), 'utf8'),
  );
  const db = new Database(join(folder, 'store.sqlite'), { readonly: true });
  const rows = JSON.stringify(db.prepare('SELECT * FROM errors').all());
  db.close();
  return [...logs, rows];
}

test('errors leave the machine with consent and a collector only, and not where nobody wants to be tracked', async () => {
  const got: string[] = [];
  const { url } = await listen((_request, response, body) => {
    got.push(body);
    response.end('{}');
  });
  const { run, env, folder, start } = await brokenProgram();
  await run('views', 'list');
  const dsn = `${url.replace('http://', 'http://publickey@')}/7`;
  const sending = { ...env, SENTRY_DSN: dsn, SIGNAL_HARVESTER_ERRORS__REPORT: 'true' };
  const send = async (more: Record<string, string>): Promise<unknown> => {
    const { stdout } = await ended(start(['errors', 'send', '--json'], more));
    return JSON.parse(stdout);
  };
  expect(await send({ ...env, SENTRY_DSN: dsn })).toEqual({ sent: 0 });
  expect(await send({ ...sending, DO_NOT_TRACK: '1' })).toEqual({ sent: 0 });
  expect(got).toEqual([]);
  expect(await send(sending)).toEqual({ sent: 1 });
  expect(await send(sending)).toEqual({ sent: 0 });
  expect(got).toHaveLength(1);
  expect(got[0]).toContain('no such table');
  for (const planted of [secret, folder, 'publickey', 'planted topic']) expect(got[0]).not.toContain(planted);
});

test('the log is shown from its end, by level and words', async () => {
  const place = makeWorkplace({
    'config.yaml': config,
    'logs/app.1.log': [30, 40, 30]
      .map(
        (level, index) =>
          `${JSON.stringify({ level, time: Date.UTC(2026, 10, 22, 9, index), msg: `entry ${index}`, source: 'hn' })}\n`,
      )
      .join(''),
  });
  expect((await place.run(['logs', '-n', '2'])).stdout).toBe(
    '2026-11-22 09:01:00 warn   entry 1 source=hn\n2026-11-22 09:02:00 info   entry 2 source=hn\n',
  );
  const { entries } = JSON.parse((await place.run(['logs', '--level', 'warn', '--json'])).stdout);
  expect(entries).toMatchObject([{ level: 'warn', message: 'entry 1', fields: [['source', 'hn']] }]);
  const following = place.start(['logs', '--grep', 'ENTRY 2', '--follow']);
  const first = await new Promise<string>((resolve) =>
    following.stdout.once('data', (data) => resolve(String(data))),
  );
  following.kill('SIGINT');
  const code = await new Promise((resolve) => following.once('close', resolve));
  expect([first.includes('entry 2'), code]).toEqual([true, 130]);
});
