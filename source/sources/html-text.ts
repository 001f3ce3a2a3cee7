import { Parser, Tokenizer } from 'htmlparser2';

/** Elements whose content is not for reading. */
const hidden = new Set([
  'script',
  'style',
  'template',
  'noscript',
  'iframe',
  'object',
  'svg',
  'math',
  'select',
  'head',
  'title',
]);
/** Elements that stand on lines of their own. */
const blocks = new Set(
  'address article aside center dd details dialog div dl dt fieldset figcaption figure footer form header hgroup hr li main nav section summary tr caption legend option'.split(
    ' ',
  ),
);
/** Elements with an empty line around them. */
const paragraphs = new Set('p h1 h2 h3 h4 h5 h6 blockquote pre ul ol table'.split(' '));

const longestHtml = 4_194_304;

/**
 * HTML to readable text: block elements on their own lines, paragraphs apart
 * by an empty line, list items after "- ", links as their text (or their
 * address where the page itself cut it with dots). White space is folded
 * except in `pre`; scripts, styles and frames are left out.
 *
 * Works on the tokens of the text, without a tree or a stack, so nesting costs
 * nothing whatever its depth. Input beyond 4 Mi characters is left out.
 */
export function htmlToText(html: string): string {
  const source = html.length > longestHtml ? html.slice(0, longestHtml) : html;
  const text = new TextWriter();
  let name = '';
  let attribute = '';
  let href = '';
  let hiddenDepth = 0;
  let hiddenBy = '';
  let preDepth = 0;
  let link: { href: string; start: number } | null = null;

  const open = (selfClosing: boolean) => {
    if (hiddenDepth > 0) {
      if (name === hiddenBy && !selfClosing) hiddenDepth += 1;
    } else if (hidden.has(name)) {
      hiddenDepth = selfClosing ? 0 : 1;
      hiddenBy = name;
    } else {
      startBlock(name, text);
      if (name === 'pre' && !selfClosing) preDepth += 1;
      if (name === 'a') link = { href, start: text.length };
    }
  };
  const close = (closed: string) => {
    if (hiddenDepth > 0) {
      if (closed === hiddenBy) hiddenDepth -= 1;
      return;
    }
    if (closed === 'a' && link) {
      text.restoreAddress(link.start, link.href);
      link = null;
    }
    // Browsers read the mistaken </br> as a line break.
    if (closed === 'br') text.breakLine();
    if (closed === 'pre') preDepth = Math.max(0, preDepth - 1);
    if (paragraphs.has(closed)) text.startParagraph();
    else if (blocks.has(closed)) text.startLine();
  };
  const write = (chunk: string) => {
    if (hiddenDepth > 0) return;
    if (preDepth > 0) text.writeVerbatim(chunk);
    else text.write(chunk);
  };
  const isHref = () => name === 'a' && attribute === 'href';

  const tokenizer = new Tokenizer(
    { decodeEntities: true, recognizeSelfClosing: true },
    {
      onopentagname: (start, end) => {
        name = source.slice(start, end).toLowerCase();
        href = '';
      },
      onattribname: (start, end) => {
        attribute = end - start > 10 ? '' : source.slice(start, end).toLowerCase();
      },
      onattribdata: (start, end) => {
        if (isHref()) href += source.slice(start, end);
      },
      onattribentity: (codepoint) => {
        if (isHref()) href += String.fromCodePoint(codepoint);
      },
      onopentagend: () => open(false),
      onselfclosingtag: () => open(true),
      onclosetag: (start, end) => close(source.slice(start, end).toLowerCase()),
      ontext: (start, end) => write(source.slice(start, end)),
      ontextentity: (codepoint) => write(String.fromCodePoint(codepoint)),
      oncdata: ignore,
      oncomment: ignore,
      ondeclaration: ignore,
      onprocessinginstruction: ignore,
      onattribend: ignore,
      onend: ignore,
    },
  );
  tokenizer.write(source);
  tokenizer.end();
  return text.finish();
}

function ignore(): void {}

function startBlock(name: string, text: TextWriter): void {
  if (name === 'br') text.breakLine();
  else if (name === 'td' || name === 'th') text.write(' ');
  else if (paragraphs.has(name)) text.startParagraph();
  else if (blocks.has(name)) text.startLine();
  if (name === 'li') text.startItem();
}

const inlineTag =
  /<\/?(?:a|abbr|b|bdi|big|br|cite|code|del|em|font|i|img|ins|kbd|mark|p|q|s|small|span|strike|strong|sub|sup|tt|u|var|wbr)(?:\s[^<>]*)?\/?>/gi;

/**
 * A title to one line of text. Titles are plain text in some feeds and HTML in
 * others, and nothing says which: tags that style a title go, everything else
 * in angle brackets ("Vec<T> panics", "<div> is blue") is meant as it stands.
 */
export function titleToText(title: string): string {
  const untagged = title.replace(inlineTag, (tag) => (/^<(?:br|p)\b/i.test(tag) ? ' ' : ''));
  if (!/&(?:#\d+|#x[\da-f]+|[a-z][a-z\d]*);/i.test(untagged)) return foldSpace(untagged);
  let text = '';
  const parser = new Parser({
    ontext: (chunk) => {
      text += chunk;
    },
  });
  parser.write(untagged.replaceAll('<', '&lt;'));
  parser.end();
  return foldSpace(text);
}

/** All white space, line breaks included, as single spaces. */
export function foldSpace(text: string): string {
  return foldRuns(text).trim();
}

/** Most text has nothing but single spaces: to find that out costs a fraction of replacing each by itself. */
function foldRuns(text: string): string {
  return /\s\s|[^\S ]/.test(text) ? text.replace(/\s+/g, ' ') : text;
}

/** Collects text and decides about the white space between its pieces. */
class TextWriter {
  #parts: string[] = [];
  #length = 0;
  #pendingBreaks = 0;
  #pendingSpace = false;
  #atLineStart = true;

  /** Pieces written so far: a position for `restoreAddress`. */
  get length(): number {
    return this.#parts.length;
  }

  startLine(): void {
    if (this.#length > 0 && !this.#atLineStart) this.#pendingBreaks = Math.max(this.#pendingBreaks, 1);
  }

  startParagraph(): void {
    if (this.#length > 0) this.#pendingBreaks = Math.max(this.#pendingBreaks, 2);
  }

  breakLine(): void {
    if (this.#length > 0) this.#pendingBreaks = Math.min(2, this.#pendingBreaks + 1);
  }

  write(chunk: string): void {
    const folded = foldRuns(chunk);
    if (folded.startsWith(' ')) this.#pendingSpace = true;
    const trimmed = folded.trim();
    if (trimmed === '') return;
    this.#push(trimmed);
    this.#pendingSpace = folded.endsWith(' ');
  }

  writeVerbatim(chunk: string): void {
    if (chunk !== '') this.#push(chunk.replace(/\r\n?/g, '\n'));
  }

  /** Begins a list item; white space right after the dash is dropped. */
  startItem(): void {
    this.#push('- ');
    this.#atLineStart = true;
  }

  /** Puts a link's whole address where its text is the address cut short by dots. */
  restoreAddress(start: number, href: string): void {
    const shown = this.#parts.slice(start).join('').trim();
    const cut = /^(https?:\/\/\S{6,}?)(?:\.\.\.|…)$/.exec(shown)?.[1];
    if (cut === undefined || !href.startsWith(cut)) return;
    const lead = /^\s*/.exec(this.#parts[start] ?? '')?.[0] ?? '';
    this.#parts.length = start;
    this.#parts.push(lead + href);
  }

  finish(): string {
    return this.#parts
      .join('')
      .replace(/[ \t]+\n/g, '\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim();
  }

  #push(piece: string): void {
    let lead = '';
    if (this.#pendingBreaks > 0) lead = '\n'.repeat(this.#pendingBreaks);
    else if (this.#pendingSpace && !this.#atLineStart) lead = ' ';
    this.#parts.push(lead + piece);
    this.#length += piece.length;
    this.#pendingBreaks = 0;
    this.#pendingSpace = false;
    this.#atLineStart = piece.endsWith('\n');
  }
}
