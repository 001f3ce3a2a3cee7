import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { decodeText } from '../../source/sources/charset.ts';

const text = 'Ünïcödé — “quotes” €';

test.each([
  [
    'the HTTP header',
    iconv.encode('<rss>é</rss>', 'windows-1252'),
    'text/xml; charset="ISO-8859-1"',
    '<rss>é</rss>',
  ],
  [
    'the XML declaration',
    iconv.encode(`<?xml version="1.0" encoding='windows-1251'?><a>Привет</a>`, 'windows-1251'),
    'text/xml',
    'Привет',
  ],
  [
    'an HTML meta tag',
    iconv.encode('<html><meta charset=Shift_JIS><p>障害</p>', 'shift_jis'),
    'text/html',
    '障害',
  ],
  ['a UTF-8 mark', Buffer.from(`\uFEFF${text}`), 'text/xml; charset=iso-8859-1', text],
  ['a UTF-16 mark', iconv.encode(text, 'utf-16le', { addBOM: true }), null, text],
  ['the zero bytes of UTF-16', iconv.encode(`<a>${text}</a>`, 'utf-16be'), null, text],
  ['nothing: UTF-8', Buffer.from(text), null, text],
  [
    'a label that lies: valid UTF-8 said to be Latin-1',
    Buffer.from(text),
    'text/xml; charset=iso-8859-1',
    text,
  ],
  [
    'a copied declaration of UTF-16',
    Buffer.from(`<?xml version="1.0" encoding="utf-16"?>${text}`),
    null,
    text,
  ],
])('%s decides', async (_name, bytes, contentType, expected) => {
  const decoded = await decodeText(bytes, contentType);
  expect(decoded.text).toContain(expected);
  expect(decoded.warnings).toEqual([]);
});

test('the header wins over the document', async () => {
  const bytes = iconv.encode('<?xml version="1.0" encoding="utf-8"?>Привет', 'koi8-r');
  expect((await decodeText(bytes, 'text/xml; charset=koi8-r')).text).toContain('Привет');
});

test('bytes that are not valid become U+FFFD, with a warning', async () => {
  const decoded = await decodeText(Buffer.from([0x61, 0xff, 0x62]), null);
  expect(decoded).toEqual({
    text: 'a\uFFFDb',
    charset: 'utf-8',
    warnings: [expect.stringContaining('not valid UTF-8')],
  });
});

test('an unknown encoding is read as UTF-8, with a warning', async () => {
  const decoded = await decodeText(Buffer.from('é'), 'text/xml; charset=klingon');
  expect(decoded.text).toBe('é');
  expect(decoded.warnings).toEqual(['unknown encoding "klingon": read as UTF-8']);
});
