import fc from 'fast-check';
import { parseDocument } from 'htmlparser2';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, test } from 'vitest';
import { renderMarkdown } from '../../source/report/markdown.ts';
import { escapeMarkdown, markdownTable } from '../../source/report/markdown-text.ts';
import { safeAddress } from '../../source/report/markup.ts';
import { anyAddress, anyText, hostileAddresses, hostileTexts, reportOf } from './hostile.ts';
import { sampleReport } from './sample-report.ts';

/** Drawn as GitHub would, but for its filter of raw HTML, which must have nothing to do. */
function draw(markdown: string): string {
  return micromark(markdown, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
  });
}

interface Node {
  readonly name?: string;
  readonly type: string;
  readonly data?: string;
  readonly attribs?: Readonly<Record<string, string>>;
  readonly children?: readonly Node[];
}

function nodesOf(node: Node): readonly Node[] {
  return [node, ...(node.children ?? []).flatMap(nodesOf)];
}

const expected = new Set(
  'h1 h2 h3 p ul li table thead tbody tr th td strong em br a code blockquote'.split(' '),
);

/** What is drawn that may not be: the report quotes one post twice, and links to nothing but that. */
function faultsOf(markdown: string, url: string | null): readonly string[] {
  const nodes = nodesOf(parseDocument(draw(markdown)) as unknown as Node);
  const links = nodes.flatMap(({ name, attribs }) => (name === 'a' ? [attribs?.href ?? ''] : []));
  const host = safeAddress(url)?.host;
  return [
    ...nodes.flatMap(({ name }) => (name === undefined || expected.has(name) ? [] : [`element ${name}`])),
    ...links
      .filter((href) => !/^https?:/.test(href) || new URL(href).host !== host)
      .map((href) => `link ${href}`),
    ...(links.length === (host === undefined ? 0 : 2) ? [] : [`${links.length} links`]),
    ...nodes.filter(({ type }) => type === 'comment').map(({ type }) => type),
    ...(/(?!\n)[\p{Cc}\u200b\u202a-\u202e\u2066-\u2069]/u.test(markdown) ? ['a control character'] : []),
  ];
}

describe('Markdown', () => {
  test('has the headings, the tables and the links of a report', () => {
    const nodes = nodesOf(parseDocument(draw(renderMarkdown(sampleReport()))) as unknown as Node);
    const count = (name: string) => nodes.filter((node) => node.name === name).length;
    expect(count('h1')).toBe(1);
    expect(count('h2')).toBe(7);
    expect(count('table')).toBeGreaterThan(8);
    expect(nodes.flatMap(({ attribs }) => attribs?.href ?? [])).toContain(
      'https://news.example/item?id=31&from=best',
    );
  });

  test.each([...hostileTexts.map((text) => [JSON.stringify(text), text] as const)])(
    'says %s',
    (_name, text) => {
      expect(faultsOf(renderMarkdown(reportOf(text, null)), null)).toEqual([]);
    },
  );

  test.each(hostileAddresses)('links to %s harmlessly or not at all', (url) => {
    expect(faultsOf(renderMarkdown(reportOf('post', url)), url)).toEqual([]);
  });

  test('has nothing in it that a post put there, whatever people write', () => {
    fc.assert(
      fc.property(anyText, anyAddress, (text, url) => {
        expect(faultsOf(renderMarkdown(reportOf(text, url)), url)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    ['5 * 3 = 15_000', '5 \\* 3 = 15\\_000'],
    ['+37%, 3.4 h', '+37%, 3.4 h'],
    ['1. one', '1\\. one'],
    ['- item', '\\- item'],
    ['@ann and you@example.com', '`@ann` and you\\@example.com'],
    ['see https://a.example/x', 'see https\\://a.example/x'],
  ])('%s is written %s', (text, written) => {
    expect(escapeMarkdown(text)).toBe(written);
  });
});

test('a table writes its numbers as the sentences do', () => {
  expect(
    markdownTable(['Day', 'Posts', 'Usual'], [['1999', 12781, 7.9]])
      .split('\n')
      .at(-1),
  ).toBe('| 1999 | 12,781 | 7.9 |');
});
