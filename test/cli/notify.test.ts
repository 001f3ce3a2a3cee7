import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFakeSlack, fakeSlack } from '../notifiers/fake-slack.ts';
import { listen } from '../notifiers/listen.ts';
import { makeWorkplace, type Workplace } from './program.ts';

const rows = [
  'Everything is down, nobody can log in! Total outage!!',
  'The export crashes with an error since the update',
  'Thank you, this is wonderful',
].map((text, index) => JSON.stringify({ externalId: `p${index}`, text, author: `a${index}` }));

function place(rules: string, notifiers = '  - { name: here, kind: stdout }'): Workplace {
  const workplace = makeWorkplace({
    'posts.ndjson': rows.join('\n'),
    'config.yaml': `store: { path: signals.sqlite }
log: { path: test.log }
sources: [{ name: posts, kind: file, path: posts.ndjson }]
notifiers:
${notifiers}
rules:
${rules}`,
  });
  return workplace;
}

describe('notify', () => {
  it('is the end of a run, and tells each signal once', async () => {
    const { run } = place('  - { name: all, notifier: here, template: "{category}: {text}" }');
    const first = await run(['run', '--limit', '0']);
    expect(first.code).toBe(0);
    expect(first.stderr).toContain('3 notifications sent');
    expect(first.stdout).toContain('Everything is down');
    expect(await run(['notify'])).toMatchObject({ code: 0, stdout: '', stderr: '0 sent\n' });
    const list = await run(['notify', '--list']);
    expect(list.stdout.trim().split('\n')).toHaveLength(3);
    expect(list.stdout.split('\t').slice(1, 5)).toEqual(['sent', 'here', 'all', 'new']);
    const show = await run(['show', '1']);
    expect(show.stdout).toMatch(/^Notifications\n {2}\S+ {2}sent {7}here {2}new \(rule all\)$/m);
    expect((await run(['stats'])).stdout).toMatch(/^notifications\n {2}sent {6}3$/m);
    expect(JSON.parse((await run(['show', '1', '--json'])).stdout)).toMatchObject({
      deliveries: [{ state: 'sent', tries: [{ answer: 'sent' }] }],
    });
  });

  it('--dry-run prints the messages and sends nothing', async () => {
    const { run } = place('  - { name: all, notifier: here }');
    await run(['fetch']);
    await run(['analyze']);
    await run(['score']);
    const dry = await run(['notify', '--dry-run']);
    expect(dry.stdout).toMatch(/^--- here: new, rule all$/m);
    expect(dry.stdout).toContain('The export crashes');
    expect(JSON.parse((await run(['notify', '--dry-run', '--json'])).stdout).messages).toHaveLength(3);
    expect((await run(['notify', '--list'])).stderr).toContain('no such message');
  });

  it('says what went wrong and how to mend it, and --retry sends it', async () => {
    let status = 401;
    const { url } = await listen((_request, response) => response.writeHead(status).end());
    const { run } = place(
      '  - { name: all, notifier: pager, perRun: 1 }',
      `  - { name: pager, kind: webhook, url: "${url}" }`,
    );
    const first = await run(['run', '--limit', '0']);
    expect(first.stderr).toMatch(
      /warning: pager: 127\.0\.0\.1:\d+ answers with status 401\. Check the address/,
    );
    expect((await run(['notify', '--list', '--state', 'failed'])).stdout).toContain('http-401');
    status = 200;
    const retried = await run(['notify', '--retry']);
    expect(retried.stderr).toMatch(/^1 message tried again, \d sent/m);
    expect((await run(['notify', '--list', '--state', 'failed', '--json'])).stdout).toBe(
      '{\n  "deliveries": []\n}\n',
    );
  });

  it('--test tells whether a message arrives', async () => {
    const { run } = place('  - { name: all, notifier: here }');
    expect((await run(['notify', '--test', 'here'])).stdout).toContain('nothing has happened');
    expect(await run(['notify', '--test', 'there'])).toMatchObject({ code: 2 });
  });

  it('does one thing at a time', async () => {
    const { run } = place('  - { name: all, notifier: here }');
    for (const args of [['--list', '--retry'], ['--state', 'dead'], ['17'], ['--retry', 'x']]) {
      expect((await run(['notify', ...args])).code).toBe(2);
    }
  });

  it('tells nobody of what is imported', async () => {
    const { run, folder } = place('  - { name: all, notifier: here }');
    writeFileSync(join(folder, 'old.ndjson'), rows.join('\n'));
    const imported = await run(['import', 'old.ndjson']);
    expect(imported.stdout).toBe('');
    expect((await run(['notify', '--list'])).stdout).toBe('');
  });
});

describe('the built program', () => {
  it('speaks to Slack', async () => {
    const world = createFakeSlack();
    const { url } = await listen(fakeSlack(world));
    const { run } = place(
      '  - { name: all, notifier: team }',
      `  - { name: team, kind: slack, channel: alerts, baseUrl: "${url}/api/", pauseMs: 0 }`,
    );
    const env = { SLACK_BOT_TOKEN: 'xoxb-good' };
    expect((await run(['run', '--limit', '0'], { env })).stderr).toContain('3 notifications sent');
    expect(world.messages).toHaveLength(3);
    expect(world.breaches).toEqual([]);
    const { stdout } = await run(['doctor'], { env });
    expect(stdout).toContain('notifier team\tok\tharvester in Acme, for #alerts');
    expect((await run(['doctor'])).stdout).toContain('notifier team\tfailed');
  });

  it('speaks SMTP', async () => {
    const { run } = place(
      '  - { name: all, notifier: mail }',
      '  - { name: mail, kind: email, host: 127.0.0.1, port: 9, from: a@acme.example, to: [b@acme.example], requireTls: false }',
    );
    // Nobody listens there: that it says so shows that the library is in the package.
    const { code, stderr } = await run(['notify', '--test', 'mail']);
    expect([code, stderr]).toEqual([4, expect.stringContaining('127.0.0.1 cannot be reached')]);
  });
});

describe('rules', () => {
  it('are listed with what they tell, and tested without sending', async () => {
    const { run } = place(`  - { name: crashes, notifier: here, query: "category:bug" }
  - { name: lost, notifier: nowhere }
  - { name: off, notifier: here, enabled: false }`);
    await run(['run', '--limit', '0']);
    const { stdout } = await run(['rules', 'list']);
    expect(stdout.split('\n').map((line) => line.split('\t').slice(0, 2))).toMatchObject([
      ['crashes', 'on'],
      ['lost', 'no notifier'],
      ['off', 'off'],
      [''],
    ]);
    const tested = await run(['rules', 'test', '--json']);
    expect(JSON.parse(tested.stdout)).toMatchObject({ days: 30, rules: [{ rule: 'crashes', sent: 1 }] });
    expect((await run(['rules', 'test', 'none'])).code).toBe(2);
  });

  it('that cannot be are told where they stand', async () => {
    const { run } = place(
      '  - { name: all, notifier: here, template: "{nothing}", quietHours: [{ from: 25:00, to: "07:00" }] }',
    );
    const { code, stderr } = await run(['config', 'check']);
    expect(code).toBe(2);
    expect(stderr).toContain('rules[0].template');
    expect(stderr).toContain('a time of day such as "09:00"');
  });

  it('may not hold a secret', async () => {
    const { run } = place(
      '  - { name: all, notifier: here }',
      '  - { name: here, kind: webhook, url: "https://a.example", secret: abc }',
    );
    expect((await run(['config', 'check'])).stderr).toContain('WEBHOOK_SECRET');
  });
});
