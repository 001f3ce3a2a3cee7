import { isUtf8 } from 'node:buffer';

export interface DecodedText {
  readonly text: string;
  /** Name of the encoding that was used, lower case. */
  readonly charset: string;
  readonly warnings: readonly string[];
}

const headBytes = 4096;
/** Labels that the web reads as windows-1252 (https://encoding.spec.whatwg.org/#names-and-labels). */
const latinLabels = new Set([
  'iso-8859-1',
  'iso8859-1',
  'latin1',
  'l1',
  'ascii',
  'us-ascii',
  'windows-1252',
  'cp1252',
]);

/**
 * Decodes a document. Who decides, first match wins: a byte order mark, the
 * charset of `contentType`, the document's own word (XML declaration, HTML
 * meta), UTF-8. A claim of Latin-1 or ASCII loses to bytes that are valid
 * UTF-8, since servers make that claim by default.
 *
 * Never throws: what cannot be decoded becomes U+FFFD, with a warning.
 */
export async function decodeText(bytes: Buffer, contentType: string | null): Promise<DecodedText> {
  const mark = byteOrderMark(bytes);
  const claimed = mark ?? charsetOfHeader(contentType) ?? charsetOfDocument(bytes) ?? 'utf-8';
  const valid = isUtf8(bytes);
  const charset = valid && latinLabels.has(claimed) ? 'utf-8' : claimed;
  if (charset === 'utf-8' || charset === 'utf8') return decodeUtf8(bytes, valid);
  const { default: iconv } = await import('iconv-lite');
  const known: boolean = iconv.encodingExists(charset);
  if (!known) {
    const decoded = decodeUtf8(bytes, valid);
    return {
      ...decoded,
      warnings: [`unknown encoding "${charset.slice(0, 40)}": read as UTF-8`, ...decoded.warnings],
    };
  }
  const text = iconv.decode(bytes, latinLabels.has(charset) ? 'windows-1252' : charset);
  const broken = text.includes('\uFFFD');
  return { text, charset, warnings: broken ? [`some bytes are not valid ${charset}: shown as \uFFFD`] : [] };
}

function decodeUtf8(bytes: Buffer, valid: boolean): DecodedText {
  const text = new TextDecoder().decode(bytes);
  return {
    text,
    charset: 'utf-8',
    warnings: valid ? [] : ['some bytes are not valid UTF-8: shown as \uFFFD'],
  };
}

function byteOrderMark(bytes: Buffer): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  // "<" in UTF-16 without a mark (https://www.w3.org/TR/xml/#sec-guessing).
  if (bytes[0] === 0x3c && bytes[1] === 0) return 'utf-16le';
  if (bytes[0] === 0 && bytes[1] === 0x3c) return 'utf-16be';
  return null;
}

function charsetOfHeader(contentType: string | null): string | null {
  return label(/charset\s*=\s*["']?([\w.:-]+)/i.exec(contentType ?? ''));
}

function charsetOfDocument(bytes: Buffer): string | null {
  const head = bytes.toString('latin1', 0, headBytes);
  const declared = label(/^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)/i.exec(head));
  return declared ?? label(/<meta[^>]+charset\s*=\s*["']?([\w.:-]+)/i.exec(head));
}

function label(match: RegExpExecArray | null): string | null {
  const found = match?.[1]?.toLowerCase();
  // A document that says UTF-16 in single bytes is not (the mark would have said so); XHTML authors copy it.
  return found === undefined || found.startsWith('utf-16') || found === 'utf-7' ? null : found;
}
