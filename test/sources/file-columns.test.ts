import { expect, test } from 'vitest';
import type { PostDraft } from '../../source/domain/post.ts';
import {
  type ColumnMapping,
  draftRow,
  type PostField,
  postFields,
  type Row,
  readDate,
} from '../../source/sources/file-columns.ts';

function draft(row: Row, mapping: ColumnMapping = {}): PostDraft {
  const result = draftRow(row, mapping);
  if (typeof result === 'string') throw new Error(result);
  return result;
}

test('the columns of an export of tweets are known', () => {
  const row = {
    id: 570306133677760000,
    id_str: '570306133677760001',
    text: 'It is down',
    user: { screen_name: 'ann', description: 'likes text' },
    created_at: 'Tue Feb 24 11:35:51 +0000 2015',
    public_metrics: { like_count: 5, retweet_count: 2, reply_count: 1, quote_count: 3 },
    lang: 'en-GB',
  };
  expect(draft(row)).toEqual({
    externalId: '570306133677760001',
    url: null,
    link: null,
    author: 'ann',
    title: null,
    text: 'It is down',
    lang: 'en',
    createdAt: Date.UTC(2015, 1, 24, 11, 35, 51),
    engagement: { likes: 5, reposts: 2, replies: 1, quotes: 3 },
    parentUrl: null,
    parentText: null,
  });
});

test('column names are recognised whatever their case and separators', () => {
  const row = {
    'Tweet ID': 7,
    'Full Text': 'Hi',
    USER_NAME: 'ann',
    'Created-At': '2026-01-13',
    'Like Count': '1,234',
    Shares: 'many',
    Permalink: 'https://acme.example/7',
  };
  expect(draft(row)).toMatchObject({
    externalId: '7',
    text: 'Hi',
    author: 'ann',
    createdAt: Date.UTC(2026, 0, 13),
    url: 'https://acme.example/7',
    link: 'https://acme.example/7',
    engagement: { likes: 1_234, reposts: 0 },
  });
});

test('every field is found under its own name and can be mapped from any other', () => {
  const samples: Record<PostField, unknown> = {
    externalId: 'x1',
    text: 'words',
    title: 'Title',
    url: 'https://a.example/1',
    link: 'https://b.example/2',
    author: 'ann',
    createdAt: '2026-01-13T00:00:00Z',
    likes: 1,
    reposts: 2,
    replies: 3,
    quotes: 4,
    lang: 'de',
    parentUrl: 'https://a.example/0',
    parentText: 'before',
  };
  const plain = draft(samples);
  const renamed = Object.fromEntries(postFields.map((field) => [`My ${field}!`, samples[field]]));
  const mapping = Object.fromEntries(postFields.map((field) => [field, `My ${field}!`]));
  expect(draft(renamed, mapping)).toEqual(plain);
  expect(plain).toMatchObject({ externalId: 'x1', link: 'https://b.example/2', parentText: 'before' });
  expect(plain.engagement).toEqual({ likes: 1, reposts: 2, replies: 3, quotes: 4 });
});

test('a mapping wins over a column that would have been recognised', () => {
  expect(draft({ text: 'no', 'Customer said': 'yes' }, { text: 'Customer said' }).text).toBe('yes');
});

test('an empty column leaves its place to the next name', () => {
  expect(draft({ text: '', body: 'here' }).text).toBe('here');
});

test.each([
  ['2026-01-13T09:30:00Z', Date.UTC(2026, 0, 13, 9, 30)],
  ['2026-01-13 09:30', Date.UTC(2026, 0, 13, 9, 30)],
  [1_768_296_600, 1_768_296_600_000],
  ['1768296600', 1_768_296_600_000],
  [1_768_296_600.5, 1_768_296_600_500],
  [1_768_296_600_123, 1_768_296_600_123],
  [1_768_296_600_123_456, 1_768_296_600_123],
  ['20260113', Date.UTC(2026, 0, 13)],
  ['13.01.2026 09:30', Date.UTC(2026, 0, 13, 9, 30)],
  ['13/01/2026', Date.UTC(2026, 0, 13)],
  ['1/13/2026', Date.UTC(2026, 0, 13)],
  ['', null],
  ['yesterday', null],
  [null, null],
  [{}, null],
])('the date %j is %j', (date, createdAt) => {
  expect(readDate(date)).toBe(createdAt);
});

test('a row needs a text or a title', () => {
  expect(draft({ title: ' Only\n this ' })).toMatchObject({ title: 'Only this', text: '' });
  expect(draftRow({ id: 1, text: '  ' }, {})).toBe('neither text nor title');
});

test('a row without an id is known by its content, author and date included', () => {
  const rows: Row[] = [
    { text: 'a' },
    { text: 'b' },
    { text: 'a', author: 'ann' },
    { text: 'a', date: '2026-01-13' },
    { title: 'a' },
  ];
  const ids = rows.map((row) => draft(row).externalId);
  expect(new Set(ids).size).toBe(rows.length);
  expect(rows.map((row) => draft({ ...row }).externalId)).toEqual(ids);
});

test('names that every object has are no columns', () => {
  const row: Row = JSON.parse('{"text":"the caller","constructor":"x","__proto__":{"author":"evil"}}');
  expect(draft(row)).toMatchObject({ text: 'the caller', author: null });
});

test('an address that is not of the web is dropped', () => {
  expect(draft({ text: 'a', url: 'javascript:alert(1)' }).url).toBeNull();
});
