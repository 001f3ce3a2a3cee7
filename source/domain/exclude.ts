import type { CleanPost } from './post.ts';

/** What an analyst never wants to see, and so never pays to analyze. */
export interface ExcludeRules {
  /** Words or phrases, matched whole, whatever their case. */
  readonly words: readonly string[];
  /** Regular expressions, matched anywhere, whatever the case. */
  readonly patterns: readonly string[];
  /** Author names, with or without @. */
  readonly authors: readonly string[];
  /** Sites, with all below them: `example.com` is `blog.example.com` too. */
  readonly domains: readonly string[];
  /** Language subtags. A post whose source does not say its language is kept. */
  readonly languages: readonly string[];
}

/** Says why a post is left out, in words; null when it is kept. */
export type Exclude = (post: CleanPost) => string | null;

/**
 * One judge for all the given rules. Throws `SyntaxError` for a pattern that
 * is no regular expression; the configuration refuses those earlier.
 */
export function compileExcludes(rules: readonly ExcludeRules[]): Exclude {
  const words = rules.flatMap((each) => each.words).map((word) => ({ word, pattern: wholeWord(word) }));
  const patterns = rules
    .flatMap((each) => each.patterns)
    .map((source) => ({ source, pattern: new RegExp(source, 'iu') }));
  const authors = new Set(rules.flatMap((each) => each.authors).map(plainAuthor));
  const domains = rules
    .flatMap((each) => each.domains)
    .map((domain) => domain.toLowerCase().replace(/^\*?\./, ''))
    .map((domain) => ({ domain, host: hostOf(`http://${domain}`) ?? domain }));
  const languages = new Set(
    rules.flatMap((each) => each.languages).map((language) => language.toLowerCase()),
  );
  return (post) => {
    if (post.author !== null && authors.has(plainAuthor(post.author))) return `author ${post.author}`;
    if (post.lang !== null && languages.has(post.lang)) return `language ${post.lang}`;
    const site = siteAmong([post.url, post.link], domains);
    if (site !== null) return `site ${site}`;
    const text = post.title === null ? post.text : `${post.title}\n${post.text}`;
    const word = words.find(({ pattern }) => pattern.test(text));
    if (word !== undefined) return `“${word.word}”`;
    const match = patterns.find(({ pattern }) => pattern.test(text));
    return match === undefined ? null : `/${match.source}/`;
  };
}

function plainAuthor(author: string): string {
  return author.toLowerCase().replace(/^@/, '');
}

/** A word begins and ends where no letter or digit goes on; scripts without spaces match anywhere. */
function wholeWord(word: string): RegExp {
  const escaped = word
    .trim()
    .replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
    .replace(/\s+/g, '\\s+');
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(word))
    return new RegExp(escaped, 'iu');
  return new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, 'iu');
}

/** `host` is the domain as addresses have it, whatever script it was written in. */
function siteAmong(
  urls: readonly (string | null)[],
  domains: readonly { readonly domain: string; readonly host: string }[],
): string | null {
  if (domains.length === 0) return null;
  for (const url of urls) {
    const hostname = url === null ? null : hostOf(url);
    const found = domains.find(({ host }) => hostname === host || hostname?.endsWith(`.${host}`));
    if (found !== undefined) return found.domain;
  }
  return null;
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).hostname : null;
}
