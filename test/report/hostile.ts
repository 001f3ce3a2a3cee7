import fc from 'fast-check';
import type { Report } from '../../source/domain/report.ts';
import { sampleExample, sampleReport } from './sample-report.ts';

/** What people write who want more from a page than to be read on it. */
export const hostileTexts: readonly string[] = [
  '<script>alert(1)</script>',
  '</style><script src=https://evil.example/x.js></script>',
  '"><img src=x onerror=alert(1)>',
  `' autofocus onfocus='alert(1)`,
  '</title></head><body onload=alert(1)>',
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<!-- --><iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '&lt;script&gt;alert(1)&lt;/script&gt; &#x3c;b&#x3e;',
  '<meta http-equiv=refresh content="0;url=https://evil.example/">',
  '<base href="https://evil.example/">',
  '![pixel](https://evil.example/pixel.gif)',
  '[click](javascript:alert(1)) [x]: https://evil.example "y"',
  '<https://evil.example/auto> https://evil.example/bare www.evil.example',
  '| a | b |\n| --- | --- |\n# heading\n> quote\n- item\n1. one\n```\ncode',
  '@everyone @here #1 $x$ ~~gone~~ __loud__ `tick`` \\',
  '\u202Eedoc txet\u202C \u2066isolated\u2069 \u200Bhidden\u00AD',
  '\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007 \u0000 \u009b31m',
  '\ud800 lone surrogate \uffff',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that is the attack
  '${7*7} {{7*7}} <%= 7*7 %> ]]>',
];

export const hostileAddresses: readonly string[] = [
  'javascript:alert(1)',
  ' javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'file:///etc/passwd',
  '//evil.example/',
  'https://user:secret@evil.example/',
  'https://ok.example/"onmouseover="alert(1)',
  "https://ok.example/'><script>alert(1)</script>",
  'https://ok.example/)[x](javascript:alert(1)',
  'https://ok.example/a b>c<d`e`|f\\g',
  'https://ok.example/\u202egpj.exe',
];

/** A report in which every text that comes from outside is one of these. */
export function reportOf(text: string, url: string | null): Report {
  const sample = sampleReport();
  const named = { name: text, count: 3, before: 1, search: text };
  const example = sampleExample({ title: text, text, author: text, source: text, url });
  return {
    ...sample,
    topic: text,
    view: text,
    search: text,
    insight: {
      ...sample.insight,
      categories: sample.insight.categories.map((each) => ({ ...each, category: text, search: text })),
      sources: [named],
      authors: [named],
      tags: [named],
      terms: [{ ...named, score: 9 }],
      spikes: sample.insight.spikes.map((spike) => ({ ...spike, category: text, search: text })),
    },
    categories: [{ category: text, description: text, examples: [example] }],
    decisions: {
      ...sample.decisions,
      outcomes: [{ outcome: text, signals: 1 }],
      people: [{ actor: text, decisions: 1, signals: 1, medianToDecisionMs: 1 }],
      escalated: [{ ...example, by: text, decidedAt: 0 }],
    },
    method: {
      ...sample.method,
      analyzers: [{ analyzer: text, signals: 1, capped: true }],
      failing: [text],
    },
  };
}

/** Texts put together from what is dangerous in HTML, in Markdown and in Unicode. */
export const anyText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...hostileTexts),
      fc.constantFrom(
        ...'<>"\'&`=/![]()|\\*_~#@$:;-+.\n\t\r\u0000\u001b\u0085\u00a0\u2028\u202e\u2067\u200b\ufeff',
      ),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('http://a.example', 'script', ' onload=', 'style=', 'href=', 'src='),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

export const anyAddress: fc.Arbitrary<string | null> = fc.oneof(
  fc.constant(null),
  fc.constantFrom(...hostileAddresses),
  anyText,
  anyText.map((tail) => `https://ok.example/${tail}`),
);
