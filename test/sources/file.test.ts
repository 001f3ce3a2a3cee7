import { appendFileSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { PostDraft } from '../../source/domain/post.ts';
import type { Page, Source } from '../../source/ports/source.ts';
import { openSource } from '../../source/sources/open.ts';
import { answerQuestion } from '../../source/sources/probe.ts';
import { describeSourceContract } from '../contracts/source.ts';
import { fetchPages, leapingClock, never, testClient } from './loopback.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'file-source-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function toolsIn(folder: string) {
  return { http: testClient(), clock: leapingClock(), folder, secrets: {} };
}

function openFile(folder: string, path: string, options: object = {}): Source {
  return openSource({ name: 'f', kind: 'file', enabled: true, weight: 1, path, ...options }, toolsIn(folder));
}

async function readContent(name: string, content: string | Buffer, options: object = {}) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), content);
  const pages = await fetchPages(openFile(folder, name, options));
  return { posts: postsOf(pages), warnings: pages.flatMap((page) => page.warnings), pages };
}

const postsOf = (pages: readonly Page[]): PostDraft[] => pages.flatMap((page) => page.posts);
const line = (id: number | string) => `${JSON.stringify({ id, text: `post ${id}` })}\n`;

for (const [form, header, row, broken] of [
  ['ndjson', '', line, 'not json\n'],
  ['csv', 'id,text\n', (id: number | string) => `${id},"post, ${id}"\n`, '1,2,3,4\n'],
] as const) {
  describeSourceContract(`file (${form})`, async () => {
    const folder = temporaryFolder();
    const path = join(folder, `posts.${form}`);
    const ids = Array.from({ length: 1_100 }, (_, at) => String(at));
    writeFileSync(path, header + ids.map(row).join('') + broken);
    return {
      open: () => openFile(folder, path),
      ids,
      hasBrokenItem: true,
      add: (count) => {
        const added = Array.from({ length: count }, (_, at) => `new-${at}`);
        appendFileSync(path, added.map(row).join(''));
        return added;
      },
    };
  });
}

describe('formats', () => {
  const expected = [
    { externalId: '1', text: 'a' },
    { externalId: '2', text: 'b' },
  ];
  test.each([
    ['posts.json', '[{"id":1,"text":"a"},{"id":2,"text":"b"}]'],
    ['posts.json', '{"meta":{"n":2},"items":[{"id":1,"text":"a"},{"id":2,"text":"b"}]}'],
    ['posts.json', '{"id":1,"text":"a"}\n{"id":2,"text":"b"}\n'],
    ['posts.jsonl', '{"id":1,"text":"a"}\r\n\r\n{"id":2,"text":"b"}'],
    ['posts', '{"id":1,"text":"a"}\n{"id":2,"text":"b"}\n'],
    ['posts.csv', '\uFEFFid,text\n1,a\n2,b\n'],
    ['posts.tsv', 'id\ttext\r\n1\ta\r\n2\tb\r\n'],
    ['posts.txt', 'id|text\n1|a\n2|b'],
    ['posts.csv', iconv.encode('id;text\n1;a\n2;b\n', 'utf-16le', { addBOM: true })],
  ])('%s is recognised: %j', async (name, content) => {
    expect((await readContent(name, content)).posts).toMatchObject(expected);
  });

  test('ids beyond what a double holds stay different', async () => {
    const { posts } = await readContent(
      'x.ndjson',
      '{"id":570306133677760001,"text":"a"}\n{"id":570306133677760002,"text":"b"}\n',
    );
    expect(posts.map((post) => post.externalId)).toEqual(['570306133677760001', '570306133677760002']);
  });

  test('a column can be mapped in the options', async () => {
    const { posts } = await readContent('x.csv', 'text,Customer said\nno,yes\n', {
      columns: { text: 'Customer said' },
    });
    expect(posts).toMatchObject([{ text: 'yes' }]);
  });

  test('a cell may hold line breaks, quotes and separators', async () => {
    const { posts } = await readContent('x.csv', 'id,text\n1,"a ""quoted"", word\nand a line"\n2,it"s\n');
    expect(posts.map((post) => post.text)).toEqual(['a "quoted", word\nand a line', 'it"s']);
  });

  test('what was written comes back, whatever the text and wherever the chunks end', async () => {
    const cell = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .map((text) => `x${text}y`.toWellFormed());
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 20 }), async (texts) => {
        const folder = mkdtempSync(join(tmpdir(), 'file-source-'));
        try {
          writeFileSync(
            join(folder, 'a.ndjson'),
            texts.map((text, id) => JSON.stringify({ id: `i${id}`, text })).join('\n'),
          );
          const quoted = texts.map((text, id) => `i${id},"${text.replaceAll('"', '""')}"`).join('\n');
          writeFileSync(join(folder, 'a.csv'), `id,text\n${quoted}`);
          const kept = texts.map((text) => text.replace(/\r\n?/g, '\n'));
          for (const name of ['a.ndjson', 'a.csv']) {
            expect(postsOf(await fetchPages(openFile(folder, name))).map((post) => post.text)).toEqual(kept);
          }
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('rows that cannot be read', () => {
  test('are told by line, twenty at most, and skipped', async () => {
    const lines = Array.from({ length: 30 }, (_, at) => (at % 10 === 9 ? line(at) : '{"oops"\n'));
    const { posts, warnings } = await readContent('x.ndjson', lines.join(''));
    expect(posts).toHaveLength(3);
    expect(warnings.filter((warning) => warning.startsWith('line'))).toHaveLength(20);
    expect(warnings[0]).toBe('line 1: not a JSON object');
    expect(warnings).toContain('and 7 more lines that cannot be read');
  });

  test('a CSV row with too many fields is told, one with too few is read', async () => {
    const { posts, warnings } = await readContent('x.csv', 'id,text,lang\n1,a\n2,b,c,d,e\n3,c,en\n');
    expect(posts.map((post) => post.externalId)).toEqual(['1', '3']);
    expect(warnings[0]).toBe('line 3: 5 fields, but the header has 3');
  });

  test('a line of many megabytes is skipped, the next is read', async () => {
    const { posts, warnings } = await readContent(
      'x.ndjson',
      `${JSON.stringify({ text: 'a'.repeat(9_000_000) })}\n${line(2)}`,
    );
    expect(posts).toMatchObject([{ externalId: '2' }]);
    expect(warnings[0]).toMatch(/^line 1: longer than/);
  });

  test('rows without a date are counted once', async () => {
    expect((await readContent('x.ndjson', line(1) + line(2))).warnings).toEqual([
      '2 rows have no date that can be read',
    ]);
  });

  test('a file none of whose columns is known is refused with their names', async () => {
    await expect(readContent('x.csv', 'foo,bar\n1,2\n')).rejects.toMatchObject({
      code: 'no-columns',
      message: expect.stringContaining('foo, bar'),
      fix: expect.stringContaining('columns'),
    });
  });

  test('an empty file is nothing new', async () => {
    for (const name of ['x.ndjson', 'x.csv', 'x.txt']) {
      expect((await readContent(name, '')).posts).toEqual([]);
    }
  });

  test('a JSON file that is not JSON is refused', async () => {
    await expect(readContent('x.json', '[{"id":1},')).rejects.toMatchObject({ code: 'not-json' });
  });
});

describe('reading again', () => {
  test('an unchanged file is not handed out again, a rewritten one is from its start', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'x.ndjson');
    writeFileSync(path, line(1) + line(2));
    const source = openFile(folder, 'x.ndjson');
    const cursor = (await fetchPages(source)).at(-1)?.cursor;
    expect(await fetchPages(source, cursor)).toEqual([]);
    writeFileSync(path, line(8) + line(9) + line(3));
    expect(postsOf(await fetchPages(source, cursor)).map((post) => post.externalId)).toEqual(['8', '9', '3']);
  });

  test('a file that grew is read on from where it ended', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'x.ndjson');
    writeFileSync(path, line(1) + line(2));
    const source = openFile(folder, 'x.ndjson');
    const cursor = (await fetchPages(source)).at(-1)?.cursor;
    appendFileSync(path, line(3));
    expect(postsOf(await fetchPages(source, cursor)).map((post) => post.externalId)).toEqual(['3']);
  });

  test('a last line that was still being written is not lost', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'x.ndjson');
    writeFileSync(path, `${line(1)}{"id":2,"te`);
    const source = openFile(folder, 'x.ndjson');
    const cursor = (await fetchPages(source)).at(-1)?.cursor;
    appendFileSync(path, 'xt":"whole"}\n');
    expect(postsOf(await fetchPages(source, cursor)).map((post) => post.text)).toContain('whole');
  });

  test('a touched file adds nothing, another mapping reads it anew', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'x.ndjson');
    writeFileSync(path, line(1));
    const source = openFile(folder, 'x.ndjson');
    const cursor = (await fetchPages(source)).at(-1)?.cursor;
    utimesSync(path, new Date(), new Date(statSync(path).mtimeMs + 5_000));
    expect(postsOf(await fetchPages(source, cursor))).toEqual([]);
    const mapped = openFile(folder, 'x.ndjson', { columns: { author: 'id' } });
    expect(postsOf(await fetchPages(mapped, cursor))).toHaveLength(1);
  });
});

test.each([
  ['missing.csv', 'no-file'],
  ['.', 'unreadable-file'],
])('the path %j is refused with a fix', async (path, code) => {
  await expect(fetchPages(openFile(temporaryFolder(), path))).rejects.toMatchObject({
    code,
    fix: expect.any(String),
  });
});

test('the wizard turns a path, quoted as a terminal drops it, into a source', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'My Reviews.csv'), 'id,text\n');
  expect(await answerQuestion('file', `'My Reviews.csv' `, toolsIn(folder), never)).toEqual({
    config: { name: 'my-reviews', kind: 'file', path: 'My Reviews.csv' },
    title: 'File',
    target: 'My Reviews.csv',
  });
  await expect(answerQuestion('file', 'nope.csv', toolsIn(folder), never)).rejects.toMatchObject({
    code: 'no-file',
  });
});
