import { describe, expect, test } from 'vitest';
import { lexiconFor } from '../../../source/analyzers/offline/lexicon-index.ts';
import { matchPhrase } from '../../../source/analyzers/offline/phrase-index.ts';
import { compilePhrase } from '../../../source/analyzers/offline/phrases.ts';
import { readText } from '../../../source/analyzers/offline/reading.ts';

const matches = (phrase: string, text: string) =>
  matchPhrase(compilePhrase(phrase, { thing: 'app|site' }), readText(null, text), 0) > 0;

describe('the phrase language', () => {
  test.each([
    ['cancel my plan', 'cancel my plan', true],
    ['cancel my|our plan', 'cancel our plan', true],
    ['cancel* plan', 'cancelling plan', true],
    ['cancel my? plan', 'cancel plan', true],
    ['cancel _ plan', 'cancel my old plan', true],
    ['cancel _ plan', 'cancel my very old plan', false],
    ['cancel __ plan', 'cancel my very old plan', true],
    ['cancel _ plan', 'cancel. My plan', false],
    ['$thing is down .', 'site is down.', true],
    ['$thing is down .', 'site is down 5 percent', false],
    ['^ * down', 'acme down', true],
    ['is it down ?', 'is it down?', true],
    ['is it down ?', 'is it down', false],
    ['for # hours', 'for 3 hours', true],
    ['thanks @', 'thanks @acme', true],
    ['動かない', '動かない。', true],
  ])('“%s” against “%s”: %s', (phrase, text, expected) => {
    expect(matches(phrase, text)).toBe(expected);
  });

  test('a mistake in a phrase is found when it is compiled', () => {
    expect(() => compilePhrase('$nothing')).toThrow('unknown word class $nothing');
    expect(() => compilePhrase('time-out')).toThrow('not one word');
  });

  test.each(['en', 'es', 'fr', 'de', 'pt', 'ja', 'xx'])('the lexicon for %s compiles', (lang) => {
    expect(lexiconFor(lang).lang).toBe(lang === 'xx' ? 'international' : lang);
  });
});

describe('reading', () => {
  test('contractions, accents, widths and case are folded', () => {
    expect(readText(null, 'I’m NÃO ｆｕｌｌ ISNT').words).toEqual(['i', "'m", 'nao', 'full', "isn't"]);
  });

  test('invisible characters and stacked marks do not hide a word', () => {
    expect(readText(null, 'd\u200bo\u200dw\u202en c̷̤̈́r̷̮̈́ä̸̻s̸̼̈h').words).toEqual(['down', 'crash']);
  });

  test('links are left out, mentions and hashtags are known as such', () => {
    const reading = readText(null, '@Acme see https://example.com/down #Outage');
    expect(reading.words).toEqual(['@acme', 'see', 'outage']);
    expect(reading).toMatchObject({ links: 1, mentions: 1, hashtags: ['outage'] });
  });
});
