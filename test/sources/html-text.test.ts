import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { htmlToText, titleToText } from '../../source/sources/html-text.ts';

describe('HTML as text', () => {
  test.each([
    ['paragraphs', '<p>One</p><p>Two</p>', 'One\n\nTwo'],
    ['line breaks', 'a<br>b<br/>c<br><br>d', 'a\nb\nc\n\nd'],
    ['folded white space', '<p>  a \n\n b\t<b> c </b>d</p>', 'a b c d'],
    ['inline tags inside a word', 'un<b>break</b>able', 'unbreakable'],
    ['lists', '<ul><li>a</li><li> b <p>c</p></li></ul>after', '- a\n- b\n\nc\n\nafter'],
    ['blocks', '<div>a<div>b</div>c</div><h2>d</h2>e', 'a\nb\nc\n\nd\n\ne'],
    ['tables', '<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a b\nc'],
    ['preformatted text', '<pre>a\n  b  c\n</pre>d', 'a\n  b  c\n\nd'],
    ['links', 'see <a href="https://x.example/">the page</a>.', 'see the page.'],
    ['entities', '&lt;b&gt; &amp; &eacute;&#8364;&nbsp;&#x1F600;', '<b> & é€ 😀'],
    ['scripts and styles', 'a<script>if (1 < 2) { x("</p>") }</script><style>p{}</style>b', 'ab'],
    ['frames and drawings', 'a<iframe src="x">no</iframe><svg><title>t</title><path/></svg>b', 'ab'],
    ['comments and declarations', '<!doctype html>a<!-- <b> -->b<![CDATA[c]]>', 'ab'],
    ['tags never closed', '<p>a<div>b<b>c', 'a\nbc'],
    ['plain text with angle brackets', '1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
    ['nothing', '', ''],
  ])('%s', (_name, html, text) => {
    expect(htmlToText(html)).toBe(text);
  });

  test('an address that was cut with dots is whole again', () => {
    const href = 'https://example.com/a/very/long/path';
    expect(htmlToText(`x <a href="${href}">https://example.com/a/ve...</a>, y`)).toBe(`x ${href}, y`);
    expect(htmlToText(`<a href="https://evil.example/">https://example.com/a...</a>`)).toBe(
      'https://example.com/a...',
    );
  });

  test.each([
    ['divs', '<div>'],
    ['bold', '<b>'],
    ['lists', '<ul><li>'],
    ['drawings', '<svg>'],
    ['forms', '<form>'],
    ['tables', '<table>'],
  ])('200,000 nested %s neither overflow the stack nor take long', (_name, tag) => {
    const startedAt = performance.now();
    htmlToText(`${tag.repeat(200_000)}x`);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  test('whatever comes in, no tag of it comes out and nothing throws', () => {
    const piece = fc.oneof(
      fc.constantFrom('<p>', '</p>', '<pre>', '<script>', '</script>', '<li>', '&amp;', '<a href="', '">'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = htmlToText(pieces.join(''));
        expect(text).toBe(text.trim());
        expect(text).not.toMatch(/\n{3,}/);
      }),
    );
  });
});

describe('titles', () => {
  test.each([
    ['Plain', 'Plain'],
    ['  two\n lines ', 'two lines'],
    ['AT&amp;T &#8211; down', 'AT&T – down'],
    ['AT&T', 'AT&T'],
    ['<b>Bold</b> <span class="x">and</span> more', 'Bold and more'],
    ['Vec<T> and HashMap<String, u8> panic', 'Vec<T> and HashMap<String, u8> panic'],
    ['why is my <div> blue?', 'why is my <div> blue?'],
    ['I <3 this', 'I <3 this'],
    ['if a < b &amp;&amp; c > d', 'if a < b && c > d'],
  ])('%j is read as %j', (title, text) => {
    expect(titleToText(title)).toBe(text);
  });
});
