import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../source/domain/message.ts';
import { plainSlackBody, slackBody } from '../../source/notifiers/slack-blocks.ts';
import { blockKitProblems } from './block-kit-rules.ts';
import { facts, signalMessage, updateMessage } from './messages.ts';

/** Text of any characters, and of those that mean something to Slack or to a terminal. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 4_000 }),
  fc.string({ unit: 'grapheme', maxLength: 4_000 }),
  fc
    .array(
      fc.constantFrom(
        '<!channel>',
        '<@U012AB3CD>',
        '<https://evil.example|x>',
        '&',
        '&amp;',
        '```',
        '`',
        '*',
        '_',
        '\n',
        ' ',
        '\u001b[2J',
        '\u202e',
        '\ud83d',
        '👩‍👩‍👧‍👦',
        'e\u0301',
        'word',
      ),
      { maxLength: 900 },
    )
    .map((parts) => parts.join('')),
  fc.constantFrom('&'.repeat(20_000), '<'.repeat(20_000), 'x'.repeat(20_000), '👩‍👩‍👧‍👦'.repeat(3_000), ''),
);
const name = fc.oneof(anyText, fc.constant('hn'));

const messages: fc.Arbitrary<Message> = fc
  .record({
    text: anyText,
    title: fc.option(anyText),
    author: fc.option(name),
    source: name,
    category: name,
    explanation: anyText,
    url: fc.option(
      fc.oneof(
        fc.webUrl(),
        anyText.map((text) => `https://example.com/?q=${text}`),
        anyText,
      ),
    ),
    tags: fc.array(anyText, { maxLength: 8 }),
    sources: fc.array(name, { minLength: 1, maxLength: 30 }),
  })
  .chain((change) => {
    const signal = { ...facts, ...change };
    const line = {
      id: 1,
      category: signal.category,
      salience: 3,
      source: signal.source,
      headline: signal.text,
      echoes: 0,
      url: signal.url,
    };
    const group = {
      category: signal.category,
      count: 9,
      before: 1,
      now: 2,
      top: [line, line, line, line, line],
    };
    const spike = {
      type: 'spike' as const,
      rule: 'r',
      subject: `tag ${signal.category}`,
      startedAt: 0,
      endedAt: 3_600_000,
      count: 30,
      usual: 1.5,
      peak: 30,
      peakAt: 0,
      top: [{ id: 1, headline: signal.text }],
    };
    return fc.constantFrom<Message>(
      { type: 'signal', rule: 'r', occasion: 'new', template: 'full', signal },
      { type: 'signal', rule: 'r', occasion: 'woke', template: 'short', signal },
      {
        type: 'signal',
        rule: 'r',
        occasion: 'regressed',
        template: '{category} {text} {url} {author} {because}',
        signal,
      },
      {
        type: 'update',
        rule: 'r',
        signal,
        change: `+3 reports, now on ${signal.sources.join(', ')}`,
        escalated: false,
      },
      {
        type: 'digest',
        rule: 'r',
        digest: { every: 'weekly', dueAt: 0, total: 9, groups: Array(40).fill(group) },
      },
      { ...spike, phase: 'start' },
      { ...spike, phase: 'end' },
      {
        type: 'event',
        rule: 'r',
        event: 'error',
        title: signal.title ?? '',
        text: signal.text,
        at: 0,
      },
    );
  });

describe('a message to Slack', () => {
  test('is valid Block Kit without an unescaped control sequence, whatever a post says', () => {
    fc.assert(
      fc.property(messages, (message) => {
        expect(blockKitProblems({ ...slackBody(message) })).toEqual([]);
        expect(blockKitProblems(plainSlackBody(message))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  }, 120_000);

  test('fences the post, explains the score and names the signal to look up', () => {
    expect(slackBody(signalMessage())).toEqual({
      text: 'Outage 87: Login is down for everybody at our office since 9:00. &lt;!channel&gt; &amp; &lt;@U012AB3CD&gt;…',
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: 'Outage, salience 87', emoji: false } },
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            verbatim: true,
            text: '```\nLogin is down for everybody at our office since 9:00. &lt;!channel&gt; &amp; &lt;@U012AB3CD&gt; &lt;https://evil.example|click&gt;\n```',
          },
        },
        {
          type: 'section',
          fields: [
            { type: 'mrkdwn', verbatim: true, text: '*Source*\nhn, by alice' },
            {
              type: 'mrkdwn',
              verbatim: true,
              text: '*Reactions*\n12 likes, 3 replies; 4 echoes; on hn and x',
            },
            { type: 'mrkdwn', verbatim: true, text: '*Feeling*\nnegative, urgency 4 of 5' },
            { type: 'mrkdwn', verbatim: true, text: '*Tags*\nlogin' },
          ],
        },
        {
          type: 'context',
          elements: [{ type: 'mrkdwn', verbatim: true, text: `Salience ${facts.explanation}` }],
        },
        {
          type: 'context',
          elements: [
            {
              type: 'mrkdwn',
              verbatim: true,
              text: 'written 2026-11-20 09:30 UTC · rule outages · signal-harvester show 42 · <https://news.example/item?id=42&amp;x=%3Cy%3E%7Cz|Open the post>',
            },
          ],
        },
      ],
    });
  });

  test('shortens a long post at a word, and never through a character', () => {
    const blocks = slackBody(signalMessage({ text: `${'family 👩‍👩‍👧‍👦 '.repeat(400)}end` })).blocks;
    const shown = JSON.stringify(blocks[1]);
    expect(shown).toMatch(/(family|👩‍👩‍👧‍👦)…\\n```/u);
  });

  test('says what has become of a signal in one line', () => {
    const [section] = slackBody(updateMessage).blocks;
    expect(section).toMatchObject({
      text: { text: expect.stringMatching(/^\*\+12 reports, now on hn and x: Login is down for everybody/) },
    });
  });

  test('lets a template of the configuration mention people, and not a post', () => {
    const [section] = slackBody(signalMessage({}, '<!here> {category}: {text}')).blocks;
    expect(JSON.stringify(section)).toContain('<!here> outage: Login is down');
    expect(JSON.stringify(section)).not.toContain('<!channel>');
  });
});

describe('the validator of these tests', () => {
  test.each([
    [{ text: '' }],
    [{ text: 'a', blocks: [] }],
    [{ text: '<!channel>' }],
    [{ text: 'a & b' }],
    [
      {
        text: 'a',
        blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_001), verbatim: true } }],
      },
    ],
    [{ text: 'a', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: ' ', verbatim: true } }] }],
    [{ text: 'a', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'x' } }] }],
    [{ text: 'a', blocks: [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }] }],
    [{ text: 'a', blocks: Array(51).fill({ type: 'header', text: { type: 'plain_text', text: 'x' } }) }],
    [{ text: 'a', blocks: [{ type: 'image' }] }],
    [{ text: 'a\u202eb' }],
  ])('refuses %j', (body) => {
    expect(blockKitProblems(body)).not.toEqual([]);
  });
});
