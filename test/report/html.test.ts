import fc from 'fast-check';
import { HtmlValidate } from 'html-validate';
import { parseDocument } from 'htmlparser2';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../source/domain/report.ts';
import { renderHtml } from '../../source/report/html.ts';
import { anyAddress, anyText, hostileAddresses, hostileTexts, reportOf } from './hostile.ts';
import { sampleReport } from './sample-report.ts';

interface Element {
  readonly type: string;
  readonly name: string;
  readonly attribs: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly data?: string;
}

const elementNames = new Set(
  `html head meta title style body a header p h1 h2 h3 span code nav ul ol li main section dl div dt dd figure figcaption
   svg desc rect text details summary table caption thead tbody tr th td blockquote strong time footer`.split(
    /\s+/,
  ),
);
const attributes = new Set(
  `lang charset http-equiv content name class href rel aria-labelledby aria-label aria-hidden id tabindex scope dir datetime
   role width height x y`.split(/\s+/),
);
const forbidden = /(?!\n)[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

function elementsOf(node: Element): readonly Element[] {
  return [node, ...(node.children ?? []).flatMap(elementsOf)];
}

/** What a browser would find on the page that may not be there. */
function faultsOf(page: string): readonly string[] {
  const all = elementsOf(parseDocument(page) as unknown as Element);
  const elements = all.filter(({ attribs }) => attribs !== undefined);
  const metas = elements.filter(({ name }) => name === 'meta').length;
  return [
    ...elements.filter(({ name }) => !elementNames.has(name)).map(({ name }) => `element ${name}`),
    ...elements.flatMap(({ name, attribs }) =>
      Object.keys(attribs)
        .filter((attribute) => !attributes.has(attribute))
        .map((attribute) => `${name} ${attribute}`),
    ),
    ...elements.filter(({ name }) => name === 'a').flatMap(({ attribs }) => linkFaults(attribs)),
    ...all.filter(({ type }) => type === 'comment' || type === 'cdata').map(({ type }) => type),
    ...(elements.filter(({ name }) => name === 'style').length === 1 ? [] : ['styles']),
    ...(metas === 6 ? [] : [`${metas} metas`]),
    ...(forbidden.test(page) ? [`character ${JSON.stringify(forbidden.exec(page)?.[0])}`] : []),
  ];
}

function linkFaults({ href = '', rel }: Readonly<Record<string, string>>): readonly string[] {
  if (/^#[a-z]+$/.test(href)) return [];
  const address = URL.canParse(href) ? new URL(href) : null;
  const isWeb = address?.protocol === 'https:' || address?.protocol === 'http:';
  return [
    ...(isWeb && address.username === '' ? [] : [`link to ${href}`]),
    ...(rel === 'noopener noreferrer nofollow' ? [] : [`rel ${rel}`]),
  ];
}

/** What a reader sees, white space folded. */
function textOf(page: string): string {
  return elementsOf(parseDocument(page) as unknown as Element)
    .map(({ type, data = '' }) => (type === 'text' ? data : ''))
    .join(' ')
    .replace(/\s+/g, ' ');
}

describe('the page', () => {
  test('is of known elements and attributes only, with nothing that runs or loads', () => {
    expect(faultsOf(renderHtml(sampleReport()))).toEqual([]);
  });

  test('the judge can fail', () => {
    const page = renderHtml(sampleReport());
    const planted = [
      '<script>',
      '<p onclick="x">',
      '<a href="javascript:x">',
      '<img>',
      '\u202e',
      '<!-- x -->',
    ];
    for (const each of planted)
      expect(faultsOf(page.replace('<main>', `<main>${each}`)), each).not.toEqual([]);
  });

  test.each(hostileTexts.map((text) => [JSON.stringify(text), text] as const))(
    'says %s and does nothing of it',
    (_name, text) => {
      expect(faultsOf(renderHtml(reportOf(text, null)))).toEqual([]);
    },
  );

  test.each(hostileAddresses)('links to %s harmlessly or not at all', (url) => {
    const page = renderHtml(reportOf('post', url));
    expect(faultsOf(page)).toEqual([]);
    if (!url.startsWith('https://ok.example/')) expect(page).not.toContain('read it at');
  });

  test('stays so whatever people write', () => {
    fc.assert(
      fc.property(anyText, anyAddress, (text, url) => {
        expect(faultsOf(renderHtml(reportOf(text, url)))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('shows the words of a post as they were written', () => {
    const page = renderHtml(reportOf('<b>5 > 3</b> & "so" &amp; on', null));
    expect(page).toContain('&lt;b&gt;5 &gt; 3&lt;/b&gt; &amp; &quot;so&quot; &amp;amp; on');
    expect(textOf(page)).toContain('<b>5 > 3</b> & "so" &amp; on');
  });

  test('is valid HTML that a strict validator has nothing against', async () => {
    const validator = new HtmlValidate({
      extends: ['html-validate:recommended', 'html-validate:a11y', 'html-validate:document'],
      rules: {
        // Indentation is for those who write a page by hand.
        'no-trailing-whitespace': 'off',
        'long-title': 'off',
      },
    });
    for (const report of [sampleReport(), emptyReport()]) {
      const { results } = await validator.validateString(renderHtml(report));
      expect(
        results.flatMap(({ messages }) =>
          messages.map(({ ruleId, message, line }) => `${line} ${ruleId} ${message}`),
        ),
      ).toEqual([]);
    }
  });

  test('has its headings in order, and a name on every table, chart and part', () => {
    const elements = elementsOf(parseDocument(renderHtml(sampleReport())) as unknown as Element);
    const levels = elements.filter(({ name }) => /^h\d$/.test(name ?? '')).map(({ name }) => Number(name[1]));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
    const named = (outer: string, inner: string) =>
      elements
        .filter(({ name, attribs }) => name === outer && attribs['aria-hidden'] !== 'true')
        .map((element) => elementsOf(element).some(({ name }) => name === inner));
    for (const [outer, inner, least] of [
      ['table', 'caption', 8],
      ['figure', 'figcaption', 4],
      ['figure', 'table', 4],
      ['svg', 'title', 7],
      ['svg', 'desc', 7],
    ] as const) {
      expect(named(outer, inner).length, outer).toBeGreaterThanOrEqual(least);
      expect(named(outer, inner), `${outer} ${inner}`).not.toContain(false);
    }
    const ids = elements.flatMap(({ attribs }) => attribs?.id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('of an empty span says so, without charts of nothing', () => {
    const page = renderHtml(emptyReport());
    expect(faultsOf(page)).toEqual([]);
    for (const sentence of [
      'Nothing was said in this span.',
      'No signals in this span.',
      'Nobody decided anything',
    ])
      expect(textOf(page)).toContain(sentence);
    expect(page).not.toMatch(/NaN|Infinity|undefined|null/);
  });

  test('says when its counts are lower bounds', () => {
    const sample = sampleReport();
    const page = renderHtml({ ...sample, insight: { ...sample.insight, capped: true } });
    expect(textOf(page)).toContain('the counts below are lower bounds');
    expect(textOf(renderHtml(sample))).not.toContain('lower bounds');
  });
});

function emptyReport(): Report {
  const sample = sampleReport();
  const none = { total: 0, before: 0, buckets: sample.insight.bucketStarts.map(() => 0) };
  return {
    ...sample,
    topic: '',
    insight: {
      ...sample.insight,
      posts: none,
      signals: none,
      categories: [],
      sentiment: { negative: none, neutral: none, positive: none },
      sources: [],
      authors: [],
      tags: [],
      terms: [],
      spikes: [],
      pace: {
        opened: none,
        decided: none,
        medianToDecisionMs: null,
        medianToDecisionBeforeMs: null,
        inbox: 0,
        oldestInboxAt: null,
        inboxAges: [],
      },
      spend: { totalUsd: 0, beforeUsd: 0, usdByBucket: none.buckets },
    },
    categories: [],
    decisions: { decisions: 0, signals: 0, outcomes: [], people: [], escalated: [], capped: false },
    method: { ...sample.method, analyzers: [], failing: [], unanalyzed: { signals: 0, capped: false } },
  };
}
