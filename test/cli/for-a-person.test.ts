import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePlace, type Place } from './call-here.ts';

const hourMs = 3_600_000;
const at = (hoursAgo: number) => new Date(Date.now() - hoursAgo * hourMs).toISOString();
const posts = [
  {
    id: '1',
    title: 'Acme is down',
    text: 'Acme is down, nobody can log in and payments fail',
    createdAt: at(1),
    likes: 40,
    author: 'ann',
    url: 'https://a.example/1',
  },
  { id: '2', text: 'The new Acme editor is wonderful, I love it', createdAt: at(2) },
  { id: '3', text: 'How do I export my pages from Acme to PDF?', createdAt: at(3), author: 'bob' },
  { id: '4', text: 'Acme is down, nobody can log in and payments fail!', createdAt: at(0.5), author: 'cy' },
  { id: '5', text: 'The app crashes when I save \u001b[31mred\u0007 pictures', createdAt: at(50) },
];

let place: Place;
beforeAll(async () => {
  place = makePlace(`topic: acme
store: { path: signals.sqlite }
log: { path: run.log }
sources:
  - { name: posts, kind: file, path: posts.ndjson }
  - { name: gone, kind: file, path: gone.ndjson }
  - { name: off, kind: file, path: posts.ndjson, enabled: false }
views: [{ name: Mine, query: 'category:bug' }]
notifiers: [{ name: screen, kind: stdout }]
rules:
  - { name: all, notifier: screen, enabled: false }
  - { name: loud, notifier: screen, minSalience: 5, query: 'category:outage' }
  - { name: bugs, notifier: screen, on: error }
  - { name: week, notifier: screen, digest: { every: weekly, at: '09:00' } }
  - { name: storm, notifier: screen, spike: { by: category, only: [outage] } }
`);
  place.write('posts.ndjson', posts.map((post) => `${JSON.stringify(post)}\n`).join(''));
  const ended = await place.piped('run');
  if (ended.code !== 3) throw new Error(`the run ended with ${ended.code}: ${ended.stderr}`);
}, 60_000);
afterAll(() => place.remove());

/** A mistake of the person at the keyboard: exit code 2, nothing on stdout, and what to do. */
async function refused(words: string, ...argv: string[]) {
  const { code, stdout, stderr } = await place.shown(...argv);
  expect([argv.join(' '), code, stdout]).toEqual([argv.join(' '), 2, '']);
  expect(stderr).toContain(words);
}

describe('lists', () => {
  test('top and list are a table on a terminal and lines with tabs in a pipe', async () => {
    const { stdout } = await place.shown('top');
    expect(stdout.split('\n')[0]).toMatch(/^SALIENCE +ID +AGE +CATEGORY +FEELING/);
    expect(stdout).toContain('Acme is down');
    expect(stdout).not.toContain('\u001b[31m');
    expect((await place.piped('top', '--limit', '2')).stdout.trimEnd().split('\n')).toHaveLength(2);
    expect((await place.shown('top', 'nothing', 'says', 'this')).stderr).toContain(
      'No signal of the inbox matches',
    );
    const listed = await place.shown('list', '--limit', '2');
    expect(listed.stdout + listed.stderr).toMatch(/more|--limit/);
    expect((await place.json('top', '--limit', '1')).hasMore).toBe(true);
  });

  test('one signal is shown with its factors, echoes and what it is', async () => {
    const [first] = (await place.json('top')).signals;
    const { stdout } = await place.shown('show', `${first.id}`);
    expect(stdout).toMatch(/status +inbox/);
    expect(stdout).toMatch(/category +outage \(\d+ % sure, by offline\)/);
    expect(stdout).toMatch(/link +https:\/\/a\.example\/1/);
    expect(stdout).toMatch(/reactions +40 likes/);
    expect(stdout).toMatch(/urgency +█/);
    expect(stdout).toMatch(/Echoes\n {2}\S+ {2}posts {2}Acme is down, nobody can log in and payments fail!/);
    await refused('is not the id of a signal', 'show', 'abc');
    await refused('There is no signal 999', 'show', '999');
  });

  test('sources say how they stand, and what is wrong with one in a sentence below', async () => {
    const { stdout } = await place.shown('sources', 'list');
    expect(stdout).toMatch(/^SOURCE +KIND +STATE +POSTS +LAST/);
    expect(stdout).toMatch(/^posts +file +\S+ +5/m);
    expect(stdout).toMatch(/^off +file +off/m);
    expect(stdout).toMatch(/^gone: last error .* ago: /m);
    const [line = ''] = (await place.piped('sources', 'list')).stdout.split('\n');
    expect(line.split('\t')).toHaveLength(13);
    expect((await place.json('stats', '--sources')).sources).toHaveLength(3);
  });

  test('stats count, look back, and say where the time went', async () => {
    const counted = await place.shown('stats');
    expect(counted.stdout).toMatch(/posts +5\nsignals +4\n {2}inbox +4/);
    const week = await place.shown('stats', '--since', '7d');
    expect(week.stdout).toMatch(/posts +5 \(0 before\)/);
    expect(week.stdout).toMatch(/authors\n {2}\w+/);
    const timings = await place.shown('stats', '--timings');
    expect(timings.stdout).toMatch(/1 run of .* UTC/);
    expect(timings.stdout).toContain('queries that took most of each run');
    expect((await place.piped('stats', '--timings')).stdout).toMatch(/^stage\tfetch\t/m);
    await refused('--until belongs to --since', 'stats', '--until', '1d');
  });
});

describe('views', () => {
  test('are listed with their counts, saved, renamed, exported and removed', async () => {
    expect((await place.shown('views', 'list')).stdout).toMatch(/^Mine +1 +config +category:bug/m);
    expect((await place.shown('views', 'save', 'Logins', 'log', 'in')).stderr).toContain(
      'Saved the view Logins',
    );
    expect(await place.json('views', 'rename', 'Logins', 'Doors')).toEqual({ name: 'Doors' });
    expect((await place.shown('views', 'export')).stdout).toBe(
      'views:\n  - name: Mine\n    query: category:bug\n  - name: Doors\n    query: log in\n',
    );
    expect((await place.json('views', 'export')).views).toHaveLength(2);
    const planned = await place.shown('views', 'remove', 'Doors');
    expect([planned.code, planned.stderr]).toEqual([0, expect.stringContaining('--force does it')]);
    expect(await place.json('views', 'remove', 'Doors', '--force')).toEqual({ name: 'Doors', removed: true });
    expect((await place.shown('audit', '--action', 'views.remove')).stdout).toContain('views.remove Doors');
  });

  test('refuse what is incomplete or too much', async () => {
    await refused('needs a name and a search', 'views', 'save', 'Logins');
    await refused('needs a name and a new one', 'views', 'rename', 'Logins');
    await refused('needs the name of a view', 'views', 'remove');
    await refused('does not know what to do with "more"', 'views', 'list', 'more');
    await refused('does not know what to do with "more"', 'views', 'rename', 'a', 'b', 'more');
  });
});

describe('rules', () => {
  test('are listed in words, and tried on what is stored', async () => {
    const { stdout } = await place.shown('rules', 'list');
    expect(stdout).toMatch(/^all +off +screen +every signal/m);
    expect(stdout).toMatch(/^loud +on +screen +category:outage; salience from 5/m);
    expect(stdout).toMatch(/^bugs +on +screen +errors of the program itself/m);
    expect(stdout).toMatch(/^week +on +screen +every signal; weekly digest at 09:00/m);
    expect(stdout).toMatch(/^storm +on +screen +spikes by category: outage/m);
    const trial = await place.shown('rules', 'test', 'loud', '--days', '2');
    expect(trial.stdout).toMatch(/^loud -> screen: 1 message in 2 days \(0\.5 a day\), 1 matched/);
    expect(trial.stdout).toMatch(/newest:\n .*Acme is down \(\d+\)/);
    const lines = (await place.piped('rules', 'test', 'loud', '--days', '2')).stdout.trimEnd().split('\n');
    expect(lines.every((line) => line.split('\t').length === 4)).toBe(true);
    await refused('takes no name and no flag', 'rules', 'list', 'loud');
  });
});

describe('feedback', () => {
  test('is kept, listed, shown, exported to a file and removed', async () => {
    expect((await place.shown('feedback', 'list')).stderr).toContain('There is no feedback yet');
    const sent = await place.shown('feedback', 'send', 'the', 'colours', '--diagnostics', '--mood', 'bad');
    expect(sent.stdout).toBe('Thank you. Kept as feedback 1, with diagnostics.\n');
    expect(sent.stderr).toContain('These diagnostics are added:');
    expect((await place.shown('feedback', 'list')).stdout).toMatch(/bad +cli +the colours +yes/);
    const shown = await place.shown('feedback', 'show', '1');
    expect(shown.stdout).toMatch(/^Feedback 1: bad, .* UTC, by cli \(cli\), version 0\.0\.0/);
    expect(shown.stdout).toContain('Diagnostics:');
    expect(await place.json('feedback', 'show', '1')).toMatchObject({ id: 1, text: 'the colours' });
    for (const format of ['json', 'ndjson', 'csv']) {
      const path = join(place.folder, `feedback.${format}`);
      const told = await place.json('feedback', 'export', '--format', format, '--output', path);
      expect(told).toEqual({ path, format, feedback: 1 });
      expect(readFileSync(path, 'utf8')).toContain('the colours');
    }
    expect((await place.shown('feedback', 'export', '--output', 'again.json')).stderr).toContain(
      'Wrote 1 piece of',
    );
    expect((await place.shown('feedback', 'remove', '1', '--force')).stdout).toBe(
      'Removed 1 piece of feedback.\n',
    );
  });

  test('refuses ids, words and flags that mean nothing there', async () => {
    await refused('There is no feedback 9', 'feedback', 'show', '9');
    await refused('"feedback show" needs one id', 'feedback', 'show', '1', '2');
    await refused('"feedback remove" needs ids', 'feedback', 'remove', 'x');
    await refused('takes no words', 'feedback', 'list', 'all');
    await refused('does not take --force', 'feedback', 'list', '--force');
    const both = await place.json('feedback', 'export', '--format', 'csv');
    expect(JSON.stringify(both)).toContain('exclude each other');
  });
});

describe('usage', () => {
  test('is shown, exported, agreed to and forgotten', async () => {
    await place.shown('list');
    const { stdout, stderr } = await place.shown('usage', 'show', '--since', '7d');
    expect(stdout).toMatch(/^KIND +NAME +COUNT +TIME +EACH +DAYS/);
    expect(stdout).toMatch(/^command +list +\d+ +\d/m);
    expect(stderr).not.toBe('');
    expect((await place.shown('usage', 'show', '--payload')).stderr).toContain('would be sent, and is not');
    expect((await place.shown('usage', 'export', '--format', 'csv')).stdout).toMatch(
      /^day,kind,name,count,totalMs\r?\n/,
    );
    const path = join(place.folder, 'usage.json');
    expect(await place.json('usage', 'export', '--output', path)).toMatchObject({ path, format: 'json' });
    expect((await place.shown('usage', 'export', '--output', path)).stderr).toMatch(/Wrote \d+ counts/);
    expect((await place.shown('usage', 'consent')).stdout).toContain('Nobody has answered yet');
    expect((await place.shown('usage', 'consent', '--yes')).stdout).toContain('Agreed to this text at');
    expect((await place.json('usage', 'consent', '--no')).status.consent).toMatchObject({ given: false });
    const planned = await place.shown('usage', 'forget');
    expect([planned.code, planned.stdout]).toEqual([2, expect.stringMatching(/^Plan: Remove \d+ counts/)]);
    expect((await place.shown('usage', 'forget', '--force')).stdout).toMatch(/^Removed \d+ counts/);
    expect((await place.shown('usage', 'show')).stderr).toContain('Nothing has been counted since then');
  });

  test('refuses flags of another action, and both answers at once', async () => {
    await refused('does not take --force', 'usage', 'show', '--force');
    await refused('exclude each other', 'usage', 'consent', '--yes', '--no');
    expect(JSON.stringify(await place.json('usage', 'export', '--format', 'csv'))).toContain(
      'exclude each other',
    );
  });
});

describe('keys, invitations and flags', () => {
  test('a key is made, listed, rotated and revoked with --force', async () => {
    expect((await place.shown('keys', 'list')).stderr).toContain('There is no key yet');
    const made = await place.shown('keys', 'create', '--name', 'grafana', '--scope', 'read', '--days', '3');
    expect(made.stderr).toMatch(/Key \S+ for grafana \(read\), until \d{4}-/);
    const [key] = (await place.json('keys', 'list')).keys;
    expect((await place.shown('keys', 'list')).stdout).toMatch(/grafana +read +works +\d{4}-.* never/);
    expect((await place.shown('keys', 'rotate', key.id)).stdout).not.toBe(made.stdout);
    expect((await place.shown('keys', 'list')).stdout).toContain('being replaced');
    const planned = await place.shown('keys', 'revoke', key.id);
    expect([planned.code, planned.stdout]).toEqual([2, expect.stringContaining('(grafana: read) now')]);
    expect((await place.shown('keys', 'revoke', key.id, '--force')).stdout).toBe(
      `Revoked ${key.id} (grafana).\n`,
    );
    await refused('Which key?', 'keys', 'rotate');
  });

  test('an invitation names its flags, and its end as a key', async () => {
    expect((await place.shown('invite', 'list')).stderr).toContain('There is no invitation yet');
    const made = await place.shown(
      'invite',
      'create',
      '--scope',
      'read',
      '--flag',
      'near-duplicates=off',
      '--note',
      'ann',
    );
    expect(made.stderr).toContain('note: near-duplicates has no effect for one key');
    expect((await place.shown('invite', 'list')).stdout).toMatch(/pending +read +near-duplicates=off/);
    const [invitation] = (await place.json('invite', 'list')).invitations;
    const redeemed = await place.shown('invite', 'redeem', made.stdout.trim());
    expect(redeemed.code).toBe(0);
    const planned = await place.shown('invite', 'revoke', invitation.id);
    expect(planned.stdout).toMatch(/^Plan: End the key \S+ that invitation \S+ \(ann\) became/);
    expect((await place.shown('invite', 'revoke', invitation.id, '--force')).stdout).toMatch(
      /and its 1 key \S+\./,
    );
    await refused('Its code is missing', 'invite', 'redeem');
  });

  test('a flag is explained layer by layer, and refuses what it is not', async () => {
    expect((await place.shown('flags', 'list')).stdout).toMatch(/^near-duplicates +on/m);
    const set = await place.shown('flags', 'set', 'near-duplicates', 'off');
    expect(set.stdout).toMatch(/^near-duplicates is off/);
    const explained = await place.shown('flags', 'explain', 'near-duplicates', '--subject', 'somebody');
    expect(explained.stdout).toMatch(/^> off +/m);
    expect(explained.stdout).toContain('"somebody", which is no key');
    expect((await place.json('flags', 'unset', 'near-duplicates')).flag).toMatchObject({ on: true });
    await refused('Which flag?', 'flags', 'explain');
    await refused('The state is missing', 'flags', 'set', 'near-duplicates');
    await refused('does not take "twice"', 'flags', 'unset', 'near-duplicates', 'twice');
  });
});

describe('labels and learning', () => {
  test('a correction becomes a label; imported ones say what could not be read', async () => {
    expect((await place.shown('labels', 'list')).stderr).toContain('No labels yet');
    expect((await place.shown('triage', '3', '--category', 'feature', '--urgency', '1')).code).toBe(0);
    expect((await place.shown('labels', 'list')).stdout).toMatch(/3 +feature +- +1 +\S/);
    const good = Array.from({ length: 3 }, (_, index) =>
      JSON.stringify({ text: `it broke ${index}`, category: 'bug' }),
    );
    place.write('labels.ndjson', [...good, '', ...Array(12).fill('no json')].join('\n'));
    const imported = await place.shown('labels', 'import', 'labels.ndjson');
    expect(imported.code).toBe(3);
    expect(imported.stderr).toContain('line 5: ');
    expect(imported.stderr).toMatch(/and \d+ more lines that could not be read/);
    expect(imported.stderr).toContain('3 labels added, 0 replaced');
    expect((await place.shown('labels', 'list', '--limit', '1')).stderr).toContain(
      '1 of 4; --limit shows more',
    );
    expect((await place.piped('labels', 'export')).stdout.trimEnd().split('\n')).toHaveLength(4);
    const planned = await place.shown('labels', 'remove', '2', '3');
    expect([planned.code, planned.stderr]).toEqual([
      2,
      expect.stringContaining('Plan: Remove 2 labels (2, 3).'),
    ]);
    expect(await place.json('labels', 'remove', '2', '3', '--force')).toMatchObject({ removed: 2 });
    await refused('No label is named', 'labels', 'remove');
    await refused('"x" is not the id of a label', 'labels', 'remove', 'x');
    await refused('wants one file', 'labels', 'import');
    await refused('could not be read', 'labels', 'import', 'nowhere.ndjson');
  });

  test('what is learned is told in words', async () => {
    const { stdout } = await place.shown('learning', 'show');
    expect(stdout).toMatch(/more decisions/);
    expect((await place.json('learning', 'show')).relevance.active).toBe(false);
  });
});

describe('what runs left behind', () => {
  test('the log is shown by level and words, and a log that is not there is said', async () => {
    expect((await place.shown('logs', '--level', 'warn')).code).toBe(0);
    const none = await place.shown('logs', '--grep', 'nothing says this');
    expect(none.stdout).toBe('');
    expect((await place.json('logs', '-n', '1')).path).toContain('run');
  });

  test('errors are none, and one that is not there is said', async () => {
    expect((await place.shown('errors', 'list', '--all')).stderr).toContain('There is none');
    expect(await place.json('errors', 'list', '--state', 'resolved')).toEqual({ errors: [], unresolved: 0 });
    expect((await place.shown('errors', 'send')).stderr).toContain('Nothing was sent');
    await refused('Which error?', 'errors', 'show');
    await refused('There is no error 7', 'errors', 'show', '7');
  });

  test('snapshots are made, listed and thinned by a quota that first shows its plan', async () => {
    for (const tag of ['first', 'second'])
      expect((await place.shown('snapshot', 'create', '--tag', tag)).code).toBe(0);
    expect((await place.shown('snapshot', 'create')).code).toBe(0);
    expect((await place.shown('snapshot', 'list')).stdout).toContain('first');
    await refused('needs --max-bytes or --max-files', 'quota');
    await refused('does not take "much"', 'quota', '--max-bytes', 'much');
    const plan = await place.json('quota', '--max-bytes', '1K');
    expect(JSON.stringify(plan)).toContain('keep');
    const shown = await place.shown('quota', '--max-files', '7', '--keep-min', '2');
    expect(shown.stdout + shown.stderr).toMatch(/keep|stay|remove/i);
    expect((await place.json('snapshot', 'list')).snapshots).toHaveLength(3);
  });

  test('the audit trail keeps who did what, and says when there is nothing', async () => {
    expect((await place.shown('audit', '--actor', 'nobody')).stderr).toContain('no such entry');
    expect((await place.shown('audit', '--limit', '3')).stdout).toMatch(/^WHEN +WHO +VIA +WHAT +AFTER/);
    expect(existsSync(join(place.folder, 'signals.sqlite'))).toBe(true);
  });
});
