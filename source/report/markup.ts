import { cleanText } from '../domain/clean.ts';

/** A piece of a page whose texts are escaped already. Only `html` and `link` make one. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

type Part = string | number | null | false | Markup | readonly Part[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for the content of an element or a quoted attribute; control and bidirectional characters are taken out. */
export function escapeHtml(text: string): string {
  return cleanText(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** What stands in the template is markup, what is put into it is text; nothing is said of null and false. */
export function html(template: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(
    template.reduce((page, piece, index) => page + (index === 0 ? '' : write(parts[index - 1])) + piece, ''),
  );
}

function write(part: Part | undefined): string {
  if (part === undefined || part === null || part === false) return '';
  if (part instanceof Markup) return part.toString();
  if (typeof part === 'object') return part.map(write).join('');
  return escapeHtml(String(part));
}

/** http and https only; null for any other address. */
export function safeAddress(url: string | null): URL | null {
  if (url === null || !URL.canParse(url)) return null;
  const address = new URL(url);
  const web = address.protocol === 'http:' || address.protocol === 'https:';
  return web && address.username === '' && address.password === '' ? address : null;
}

/** A link that tells the other side nothing and vouches for nothing; only its words where it may not be one. */
export function link(url: string | null, words: Part): Markup {
  const address = safeAddress(url);
  if (address === null) return html`${words}`;
  return html`<a href="${address.href}" rel="noopener noreferrer nofollow">${words}</a>`;
}
