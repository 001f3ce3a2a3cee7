import { expect, test } from 'vitest';
import { markdownHead, markdownSignal } from '../../source/harvester/export-markdown.ts';
import type { ExportedSignal } from '../../source/harvester/transfer.ts';

type Document = ExportedSignal['document'];
type Post = Document['posts'][number];

const post = (fields: Partial<Post> = {}) =>
  ({
    source: 'hn',
    author: null,
    title: null,
    text: 'It *broke*\nagain',
    url: null,
    createdAt: Date.UTC(2026, 10, 20),
    ...fields,
  }) as Post;

const shown = (fields: Partial<Document>, salience: number | null = null) =>
  markdownSignal({
    document: {
      status: 'inbox',
      category: null,
      sentiment: null,
      urgency: null,
      assignee: null,
      tags: [],
      notes: [],
      posts: [post()],
      ...fields,
    } as unknown as Document,
    salience,
  } as ExportedSignal);

test('a signal of which little is known is a heading, its status, its source and its words', () => {
  expect(shown({})).toBe('\n## It \\*broke\\*\n\ninbox\n\nhn · 2026-11-20\n\n> It \\*broke\\*\n> again\n');
  expect(shown({ posts: [post({ title: 'x'.repeat(130), text: '' })] })).toBe(
    `\n## ${'x'.repeat(119)}…\n\ninbox\n\nhn · 2026-11-20\n`,
  );
});

test('what is known stands in its facts; notes and echoes follow the words', () => {
  const echoes = Array.from({ length: 7 }, (_, index) =>
    post({ author: index % 2 ? 'ann' : null, url: index === 1 ? 'https://a.example/e' : null }),
  );
  const text = shown(
    {
      category: 'bug',
      sentiment: 'negative',
      urgency: 4,
      assignee: 'ann',
      tags: ['login'],
      notes: [{ author: 'bob', text: 'asked ops' }] as unknown as Document['notes'],
      posts: [post({ url: 'https://a.example/1', author: 'cy' }), ...echoes],
    },
    71.26,
  );
  expect(text).toContain('## [It \\*broke\\*](<https://a.example/1>)');
  expect(text).toContain('salience 71.3 · inbox · bug · negative · urgency 4 · assigned to ann · ');
  expect(text).toContain('**bob:** asked ops');
  expect(text).toContain('7 echoes:\n\n- hn\n- [ann, hn](<https://a.example/e>)\n');
  expect(text).toContain('- and 2 more');
  expect(shown({ posts: [post(), post()] })).toContain('1 echo:');
});

test('the file begins with what it is about and when it was made', () => {
  const at = Date.UTC(2026, 10, 20, 8, 5);
  expect(markdownHead({ topic: 'acme', at })).toBe('# Signals\n\nacme, 2026-11-20 08:05 UTC\n');
  expect(markdownHead({ topic: '', at })).toBe('# Signals\n\n2026-11-20 08:05 UTC\n');
});
