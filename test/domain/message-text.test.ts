import { describe, expect, test } from 'vitest';
import type { Digest } from '../../source/domain/digest.ts';
import { factsOf, headlineOf, type Message } from '../../source/domain/message.ts';
import {
  countsOf,
  describeEpisode,
  originOf,
  plural,
  postOf,
  subjectOf,
  textOf,
  titleOf,
  usually,
} from '../../source/domain/message-text.ts';
import type { SignalDetail } from '../../source/domain/signal.ts';
import { facts, signalMessage, updateMessage } from '../notifiers/messages.ts';

const words = 'Login is down for everybody at our office since 9:00.';
type Spike = Extract<Message, { type: 'spike' }>;
type Signal = Extract<Message, { type: 'signal' }>;

const spike: Spike = {
  type: 'spike',
  rule: 'spikes',
  phase: 'start',
  subject: 'category outage',
  startedAt: Date.UTC(2026, 10, 20, 14, 5),
  endedAt: null,
  count: 20,
  usual: 2.04,
  peak: 1,
  peakAt: Date.UTC(2026, 10, 20, 15, 10),
  top: [{ id: 7, headline: 'Login is\ndown' }],
};

const digest = (change: Partial<Digest> = {}): Message => ({
  type: 'digest',
  rule: 'morning',
  digest: {
    every: 'daily',
    dueAt: 0,
    total: 3,
    groups: [
      {
        category: 'outage',
        count: 3,
        before: 1,
        now: 4,
        top: [
          {
            id: 7,
            category: 'outage',
            salience: 87.6,
            source: 'hn',
            headline: 'Login',
            echoes: 0,
            url: null,
          },
        ],
      },
      { category: 'bug', count: 0, before: 0, now: 0, top: [] },
    ],
    ...change,
  },
});

const event = (change: Partial<Extract<Message, { type: 'event' }>> = {}): Message => ({
  type: 'event',
  rule: 'feedback',
  event: 'feedback',
  title: 'Feedback (bad)',
  text: 'The list jumps.',
  at: Date.UTC(2026, 10, 20, 9, 30),
  ...change,
});

describe('a message of a signal', () => {
  test('is its title, its words, why, where from and how to look it up', () => {
    expect(textOf(signalMessage({ text: words })).split('\n')).toEqual([
      'Outage, salience 87',
      facts.url,
      '',
      words,
      '',
      facts.explanation,
      'On hn by alice, 2026-11-20 09:30 UTC',
      '12 likes, 3 replies; 4 echoes; on hn and x',
      'signal-harvester show 42',
    ]);
  });

  test('without an address has no line for it', () => {
    expect(
      textOf(signalMessage({ text: words, url: null }))
        .split('\n')
        .slice(0, 3),
    ).toEqual(['Outage, salience 87', '', words]);
    expect(textOf(signalMessage({ text: words, url: null }, 'short'))).toBe(
      `Outage 87: ${words}\nsignal-harvester show 42`,
    );
  });

  test('in short is three lines, and in words of a rule what these say', () => {
    expect(textOf(signalMessage({ text: words }, 'short'))).toBe(
      `Outage 87: ${words}\n${facts.url}\nsignal-harvester show 42`,
    );
    expect(textOf(signalMessage({ text: words }, '{category} {salience} by {author}: {nothing}'))).toBe(
      'outage 87 by alice: {nothing}',
    );
  });

  test('says when it is one of old, or escalated', () => {
    const of = (occasion: Signal['occasion'], status = 'inbox') => ({
      ...(signalMessage({ text: 'Down', status }) as Signal),
      occasion,
    });
    expect(['new', 'woke', 'regressed'].map((each) => subjectOf(of(each as Signal['occasion'])))).toEqual([
      'Outage 87: Down',
      'Awake again: Outage 87: Down',
      'Back again: Outage 87: Down',
    ]);
    expect(titleOf(of('new'))).toBe('Outage, salience 87');
    expect(titleOf(of('woke'))).toBe('Awake again: Outage, salience 87');
    expect(titleOf(of('regressed', 'escalated'))).toBe('Escalated: Back again: Outage, salience 87');
  });

  test('has a headline of a hundred characters, and a post of 1200', () => {
    const long = signalMessage({ text: 'x'.repeat(5_000) });
    expect(subjectOf(long)).toHaveLength('Outage 87: '.length + 100);
    const [, , , post = ''] = textOf(long).split('\n');
    expect(post).toHaveLength(1200);
    expect(post.endsWith('x…')).toBe(true);
  });

  test('cannot carry what a terminal would obey', () => {
    expect(textOf(signalMessage({ text: 'a \u001b[2Jred\u202e \u0007alert', url: null }))).not.toMatch(
      /[\u001b\u202e\u0007]/,
    );
    expect(subjectOf(signalMessage({ text: 'a \u001b[2Jred\nb' }))).toBe('Outage 87: a red b');
  });

  test('of an update says what changed first', () => {
    expect(textOf(updateMessage).split('\n')).toEqual([
      expect.stringMatching(/^\+12 reports, now on hn and x: Login is down/),
      facts.url,
      '12 likes, 3 replies; 4 echoes; on hn and x',
      'signal-harvester show 42',
    ]);
    const gone = { ...(updateMessage as Extract<Message, { type: 'update' }>), change: 'escalated' };
    expect(textOf({ ...gone, signal: { ...facts, url: null } }).split('\n')).toHaveLength(3);
    expect(subjectOf(gone)).toMatch(/^Escalated: Login/);
  });
});

describe('a digest', () => {
  test('names what was counted, and the first of it', () => {
    expect(textOf(digest())).toBe(
      [
        'Daily digest: 3 signals',
        '',
        'Outage: 3 (4 written this day, 1 the day before)',
        '- 88: Login [hn, signal 7]',
        '- and 2 more',
        '',
        'Bug: 0 (0 written this day, 0 the day before)',
      ].join('\n'),
    );
  });

  test('says all quiet, and one signal', () => {
    expect(textOf(digest({ total: 0, groups: [] }))).toBe('Daily digest: all quiet');
    expect(subjectOf(digest({ every: 'weekly', total: 1 }))).toBe('Weekly digest: 1 signal');
    expect(textOf(digest({ every: 'weekly' }))).toContain('4 written this week, 1 the week before');
  });
});

describe('a spike', () => {
  test('is told when it starts, grows and ends', () => {
    const times = { peak: 45, endedAt: Date.UTC(2026, 10, 20, 17) };
    const peaked = 'peak 45 posts in an hour at 2026-11-20 15:10 UTC';
    expect(textOf(spike)).toBe(
      [
        'Spike in category outage: 20 posts in an hour, usually 2',
        'Since 2026-11-20 14:05 UTC; usual are 2.',
        '- Login is down [signal 7]',
      ].join('\n'),
    );
    expect(textOf({ ...spike, phase: 'peak', peak: 45, count: 1, top: [] })).toBe(
      `Spike in category outage grows: 1 post in an hour\nSince 2026-11-20 14:05 UTC, ${peaked}; usual are 2.`,
    );
    expect(textOf({ ...spike, phase: 'end', ...times, top: [] })).toBe(
      `Spike in category outage is over\nFrom 2026-11-20 14:05 UTC to 2026-11-20 17:00 UTC, ${peaked}; usual are 2.`,
    );
    expect(describeEpisode({ ...spike, phase: 'end' })).toBe('Since 2026-11-20 14:05 UTC; usual are 2.');
    expect(describeEpisode({ ...spike, ...times })).toBe('Since 2026-11-20 14:05 UTC; usual are 2.');
  });

  test.each([
    [0, 'almost none'],
    [0.099, 'almost none'],
    [0.1, '0.1'],
    [9.94, '9.9'],
    [10, '10'],
    [10.4, '10'],
    [217.6, '218'],
  ])('of usually %d posts says %s', (rate, told) => {
    expect(usually(rate)).toBe(told);
  });
});

test('an event says its title, its words and when', () => {
  expect(textOf(event())).toBe('Feedback (bad)\n\nThe list jumps.\n\n2026-11-20 09:30 UTC');
  expect(textOf(event({ text: '' }))).toBe('Feedback (bad)\n\n2026-11-20 09:30 UTC');
  expect(textOf(event({ text: 'x'.repeat(6_000) }))).toContain(`\n${'x'.repeat(4_999)}…\n`);
});

test('a test says that nothing has happened', () => {
  expect(textOf({ type: 'test', rule: 'any' })).toBe(
    'Signal Harvester can reach you here\nThis is a test; nothing has happened.',
  );
});

test('a post is its title and its text, or the text alone where that says it all', () => {
  expect(postOf({ title: 'Down', text: 'Since 9' })).toBe('Down\nSince 9');
  expect(postOf({ title: 'Down', text: 'Down since 9' })).toBe('Down since 9');
  expect(postOf({ title: 'Down', text: ' ' })).toBe('Down');
  expect(postOf({ title: null, text: 'Since 9' })).toBe('Since 9');
});

test('counts say only what there is', () => {
  const none = { likes: 0, reposts: 0, replies: 0, quotes: 0 };
  const counts = (change: Partial<typeof facts>) => countsOf({ ...facts, ...change });
  expect(counts({ engagement: none, echoes: 0, sources: ['hn'] })).toBe('no reactions yet; no echoes');
  expect(
    counts({ engagement: { likes: 1, reposts: 1, replies: 1, quotes: 1 }, echoes: 1, sources: ['hn'] }),
  ).toBe('1 like, 1 repost, 1 reply, 1 quote; 1 echo');
  expect(counts({ engagement: { ...none, reposts: 2, quotes: 2 }, sources: ['a', 'b', 'c'] })).toBe(
    '2 reposts, 2 quotes; 4 echoes; on a, b and c',
  );
  expect([plural(1, 'post'), plural(0, 'post'), plural(2, 'echo', 'echoes')]).toEqual([
    '1 post',
    '0 posts',
    '2 echoes',
  ]);
  expect(originOf({ ...facts, author: null })).toBe('On hn, 2026-11-20 09:30 UTC');
});

test('a headline is the title, or the text, on one line', () => {
  expect(headlineOf({ title: ' Login\n is  down ', text: 'x' })).toBe('Login is down');
  expect(headlineOf({ title: null, text: 'Since\t9' })).toBe('Since 9');
  expect(headlineOf({ title: null, text: ' ' })).toBe('(no text)');
});

test('what is said of a signal that nobody has analyzed yet is the least of all', () => {
  const { sources: _sources, explanation: _explanation, ...rest } = facts;
  const detail = {
    ...rest,
    category: null,
    sentiment: null,
    urgency: null,
    salience: null,
    explanation: null,
    posts: [{ source: 'hn' }, { source: 'x' }, { source: 'hn' }],
  } as unknown as SignalDetail;
  expect(factsOf(detail)).toEqual({
    ...facts,
    category: 'other',
    sentiment: 'neutral',
    urgency: 0,
    salience: 0,
    explanation: 'not scored yet',
  });
  expect(
    factsOf({
      ...detail,
      category: 'bug',
      sentiment: 'positive',
      urgency: 3,
      salience: 9,
      explanation: 'so',
    }),
  ).toMatchObject({
    category: 'bug',
    sentiment: 'positive',
    urgency: 3,
    salience: 9,
    explanation: 'so',
  });
});
