import { describe, expect, test } from 'vitest';
import { analyzeOne } from './analyze-one.ts';

describe('context', () => {
  test('a hypothetical crash weighs less than a real one', async () => {
    const real = await analyzeOne('It crashes when I print.');
    const hypothetical = await analyzeOne('Tell me what you do if it crashes.');
    expect(real.category).toBe('bug');
    expect(hypothetical.category).not.toBe('bug');
  });

  test('a negated word is no evidence, in the clause that is negated only', async () => {
    expect((await analyzeOne('I have never had a crash')).category).not.toBe('bug');
    expect((await analyzeOne('No problem with sync, but export is broken')).category).toBe('bug');
  });

  test('a gap in a phrase does not jump over a negation', async () => {
    expect((await analyzeOne("I'm not leaving, calm down")).category).not.toBe('churn');
  });

  test('thanks in a complaint do not make it praise', async () => {
    expect((await analyzeOne('Thanks for nothing, another outage')).category).toBe('outage');
    expect((await analyzeOne('the app is still broken, thanks')).category).toBe('bug');
  });

  test('"great, another outage" is not a happy post', async () => {
    expect((await analyzeOne('great, another outage')).sentiment).toBe('negative');
  });

  test('a wish with "love" is a feature, love itself is praise', async () => {
    expect((await analyzeOne("I'd love an offline mode")).category).toBe('feature');
    expect((await analyzeOne('I love the offline mode')).category).toBe('praise');
  });

  test('trouble that is over is less urgent', async () => {
    const now = await analyzeOne('login is down');
    const over = await analyzeOne('login was down, it is fixed now');
    expect(over.urgency).toBeLessThan(now.urgency);
  });

  test('a headline is not a complaint', async () => {
    const headline = await analyzeOne('', {
      kind: 'hackernews',
      title: 'The best way to fail: why projects crash',
    });
    expect(headline.category).toBe('other');
    expect(headline.urgency).toBe(0);
  });

  test('a headline about an outage still is one, but no alarm', async () => {
    const headline = await analyzeOne('', { kind: 'hackernews', title: 'Postmortem of the April outage' });
    expect(headline.category).toBe('outage');
    expect(headline.urgency).toBeLessThanOrEqual(2);
  });

  test('a hashtag alone does not make an outage', async () => {
    expect((await analyzeOne('make money at home #outage #deal')).category).toBe('other');
  });

  test('code and comments of an issue template are left out', async () => {
    const text =
      'How do I set the port?\n```\nthrow new Error("crash: data loss, outage")\n```\n<!-- please describe the bug -->';
    expect((await analyzeOne(text)).category).toBe('question');
  });
});

describe('sentiment', () => {
  test.each([
    ['negative', 'this is the worst app I have used, terrible'],
    ['negative', 'not good at all'],
    ['negative', "can't log in, nothing loads"],
    ['negative', 'ugh 😡😡'],
    ['positive', 'wonderful, exactly what I needed 😍'],
    ['positive', 'really great update'],
    ['neutral', 'the meeting moved to Tuesday'],
    ['neutral', 'How do I change the font?'],
  ])('%s: %s', async (sentiment, text) => {
    expect(await analyzeOne(text)).toMatchObject({ sentiment });
  });
});

describe('urgency', () => {
  test('people who are blocked now come first', async () => {
    expect((await analyzeOne('Production is down for everyone, urgent, please help ASAP')).urgency).toBe(5);
    expect((await analyzeOne('Our whole company is locked out since 8am')).urgency).toBeGreaterThanOrEqual(4);
  });

  test('lost work is more urgent than a typo', async () => {
    const loss = await analyzeOne('I lost three days of work, this is data loss');
    const typo = await analyzeOne('there is a typo on the about page');
    expect(loss.urgency).toBeGreaterThan(typo.urgency + 1);
  });

  test('praise needs nobody, however loud', async () => {
    expect((await analyzeOne('I LOVE THIS APP SO MUCH!!! RIGHT NOW!!!')).urgency).toBe(0);
  });
});

describe('tags and reasoning', () => {
  test('tags are topics first, then the post’s own hashtags', async () => {
    const { tags } = await analyzeOne("can't log in on my iPhone, want a refund #AcmeFail");
    expect(tags).toEqual(expect.arrayContaining(['login', 'mobile', 'refund', 'acmefail']));
  });

  test('at most eight tags, all lower-case', async () => {
    const { tags } = await analyzeOne(
      '#A #B #C #D #E #F #G #H #I login sync refund price slow crash iphone windows chrome api export search',
    );
    expect(tags).toHaveLength(8);
    expect(tags).toEqual(tags.map((tag) => tag.toLowerCase()));
  });

  test('the reason names the words that decided', async () => {
    const { reasoning } = await analyzeOne('The server is down, I cannot connect');
    expect(reasoning).toMatch(/^outage: .*“server is down”/);
  });

  test('without enough evidence the runner-up is named', async () => {
    const { category, reasoning } = await analyzeOne('some delay today');
    expect(category).toBe('other');
    expect(reasoning).toContain('nearest is bug by “delay”');
  });
});
