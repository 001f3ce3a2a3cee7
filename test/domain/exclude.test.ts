import { describe, expect, test } from 'vitest';
import { compileExcludes, type ExcludeRules } from '../../source/domain/exclude.ts';
import { type CleanPost, draftPost } from '../../source/domain/post.ts';

const none: ExcludeRules = { words: [], patterns: [], authors: [], domains: [], languages: [] };
const post = (fields: Partial<CleanPost>): CleanPost => ({
  ...draftPost({ externalId: '1', text: 'hello' }),
  createdAt: 0,
  ...fields,
});
const judge = (rules: Partial<ExcludeRules>, fields: Partial<CleanPost>) =>
  compileExcludes([{ ...none, ...rules }])(post(fields));

describe('excludes', () => {
  test.each([
    ['a word, whatever its case', { words: ['giveaway'] }, { text: 'Huge GIVEAWAY today' }, '“giveaway”'],
    ['a phrase across a line break', { words: ['sign up'] }, { text: 'please sign\nup here' }, '“sign up”'],
    ['a word in the title', { words: ['jobs'] }, { title: 'Jobs at Acme' }, '“jobs”'],
    ['a word with signs in it', { words: ['c++'] }, { text: 'we love C++!' }, '“c++”'],
    ['a word in a script without spaces', { words: ['求人'] }, { text: '本日の求人情報' }, '“求人”'],
    ['a word with a hyphen', { words: ['sign-up'] }, { text: 'our SIGN-UP form' }, '“sign-up”'],
    ['a word with a slash', { words: ['n/a'] }, { text: 'it says N/A here' }, '“n/a”'],
    ['a phrase with many blanks', { words: [' sign   up '] }, { text: 'sign up' }, '“ sign   up ”'],
    ['a phrase far apart', { words: ['sign up'] }, { text: 'sign \n up' }, '“sign up”'],
    ['a word in Thai, whatever goes on', { words: ['ฟรีA'] }, { text: 'ของฟรีaจัง' }, '“ฟรีA”'],
    ['a pattern', { patterns: ['\\bhiring\\b.*\\d+'] }, { text: 'Hiring 20 people' }, '/\\bhiring\\b.*\\d+/'],
    ['an author, with or without @', { authors: ['@Spam_Bot'] }, { author: 'spam_bot' }, 'author spam_bot'],
    [
      'a site and all below it',
      { domains: ['spam.example'] },
      { link: 'https://www.spam.example/a' },
      'site spam.example',
    ],
    ['an author, whatever the case', { authors: ['spam_bot'] }, { author: '@SPAM_Bot' }, 'author @SPAM_Bot'],
    [
      'a site by itself',
      { domains: ['*.Spam.example'] },
      { url: 'https://spam.example/a' },
      'site spam.example',
    ],
    [
      'a site below a dot',
      { domains: ['.spam.example'] },
      { url: 'https://a.spam.example/' },
      'site spam.example',
    ],
    [
      'a site in letters of its own',
      { domains: ['bücher.example'] },
      { url: null, link: 'https://shop.xn--bcher-kva.example/' },
      'site bücher.example',
    ],
    ['a language', { languages: ['DE'] }, { lang: 'de' }, 'language de'],
  ])('leave out %s', (_, rules, fields, reason) => {
    expect(judge(rules, fields)).toBe(reason);
  });

  test.each([
    ['a word within another', { words: ['art'] }, { text: 'the party started' }],
    ['a site that only ends alike', { domains: ['spam.example'] }, { url: 'https://notspam.example/' }],
    ['a post of unknown language', { languages: ['de'] }, { lang: null }],
    ['a post in another language', { languages: ['de'] }, { lang: 'en' }],
    ['an author with an @ elsewhere', { authors: ['spambot'] }, { author: 'spam@bot' }],
    ['a word that is a pattern elsewhere', { words: ['a.c'] }, { text: 'abc' }],
    ['a post without a title', { words: ['null'] }, { title: null }],
    ['what has no address', { domains: ['hello'] }, { url: null, link: 'not an address' }],
    ['a post without an author', { authors: ['bot'] }, { author: null }],
  ])('keep %s', (_, rules, fields) => {
    expect(judge(rules, fields)).toBeNull();
  });

  test('of several lists hold together', () => {
    const both = compileExcludes([
      { ...none, words: ['one'] },
      { ...none, authors: ['bot'] },
    ]);
    expect(both(post({ text: 'one' }))).toBe('“one”');
    expect(both(post({ author: 'bot' }))).toBe('author bot');
    expect(both(post({}))).toBeNull();
  });
});
