const trackingParameter =
  /^(?:utm_.*|fbclid|gclid|dclid|mc_[ce]id|igshid|si|ref|ref_src|ref_url|source|cmpid|spm|ncid|smid|_ga|yclid|msclkid|feature)$/i;
const mobileHost = /^(?:(?:www|m|mobile|amp|old|new)\.)+(?=[^.]+\.)/;

/** Addresses that only lead to another one, which they carry: [host, where it stands]. */
const wrappers: readonly (readonly [host: RegExp, inner: (url: URL) => string | null])[] = [
  [
    /^(?:www\.)?google\.[a-z.]+$/,
    (url) => (url.pathname === '/url' ? parameter(url, 'url', 'q') : ampPage(url)),
  ],
  [/^lm?\.facebook\.com$/, (url) => parameter(url, 'u')],
  [/^l\.instagram\.com$/, (url) => parameter(url, 'u')],
  [/^out\.reddit\.com$/, (url) => parameter(url, 'url')],
  [/^href\.li$/, (url) => decoded(url.search.slice(1))],
  [/^web\.archive\.org$/, (url) => /^\/web\/\d+\w*\/(.+)$/.exec(url.pathname + url.search)?.[1] ?? null],
  [/\.cdn\.ampproject\.org$/, (url) => /^\/[cv]\/(?:s\/)?(.+)$/.exec(url.pathname)?.[1] ?? null],
];

function parameter(url: URL, ...names: readonly string[]): string | null {
  return names.map((name) => url.searchParams.get(name)).find((value) => value !== null) ?? null;
}

/** Anybody can write an address with a percent sign that encodes nothing. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function ampPage({ pathname }: URL): string | null {
  return /^\/amp\/(?:s\/)?(.+)$/.exec(pathname)?.[1] ?? null;
}

/** One page under its short address and its long one: [pattern of host and path, the one that counts]. */
const forms: readonly (readonly [pattern: RegExp, page: string])[] = [
  [/^youtu\.be\/([\w-]{6,})$/, 'youtube.com/watch?v=$1'],
  [/^youtube\.com\/(?:shorts|live|embed|v)\/([\w-]{6,})$/, 'youtube.com/watch?v=$1'],
  [/^redd\.it\/(\w+)$/, 'reddit.com/comments/$1'],
  [/^reddit\.com\/r\/\w+\/comments\/(\w+)(?:\/[^/]*)?$/, 'reddit.com/comments/$1'],
  [/^(?:twitter|nitter|fxtwitter|vxtwitter)\.(?:com|net)\/(\w+)\/status\/(\d+).*$/, 'x.com/$1/status/$2'],
  [/^(amazon\.[a-z.]+)\/(?:[^/]+\/)?(?:dp|gp\/product)\/(\w{10}).*$/, '$1/dp/$2'],
  [/^amzn\.com\/(\w{10})$/, 'amazon.com/dp/$1'],
  [/^apps\.apple\.com\/(?:\w\w\/)?app\/(?:[^/]+\/)?id(\d+)$/, 'apps.apple.com/app/id$1'],
  [/^(github\.com\/[^/]+\/[^/]+)\.git$/, '$1'],
  [/^(\w\w)\.m\.wikipedia\.org\//, '$1.wikipedia.org/'],
];

/** The address that a redirecting one carries, through at most three of them. */
function unwrap(url: URL): URL {
  let inner = url;
  for (let depth = 0; depth < 3; depth += 1) {
    const found = wrappers.find(([host]) => host.test(inner.host.toLowerCase()))?.[1](inner) ?? null;
    if (found === null) return inner;
    const whole = /^https?:/i.test(found) ? found : `https://${found}`;
    if (!URL.canParse(whole)) return inner;
    inner = new URL(whole);
  }
  return inner;
}

/**
 * An address as it counts for comparison: no scheme, mobile or www host,
 * tracking parameters, fragment or trailing slash, the long form of known short
 * ones, and what a redirecting address leads to when it says so itself. Null when it names a site
 * rather than a page, since half the Web links to front pages.
 */
export function canonicalLink(url: string): string | null {
  const given = URL.parse(url);
  if (given === null) return null;
  const parsed = unwrap(given);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return null;
  const path = parsed.pathname.replace(/\/+$/, '').replace(/\/(?:index\.\w+|amp)$/, '');
  const query = [...parsed.searchParams].filter(([name]) => !trackingParameter.test(name)).sort();
  // A fragment is a place on the page, but for those by which old single-page sites name their pages.
  const route = /^#[!/]./.test(parsed.hash) ? parsed.hash : '';
  if (path === '' && query.length === 0 && route === '') return null;
  const search = new URLSearchParams(query).toString();
  const page = `${parsed.host.toLowerCase().replace(mobileHost, '')}${path}`;
  const [pattern, form] = forms.find(([each]) => each.test(page)) ?? [];
  // A short form says all: what else stands in the query (a time, a list) is about the visit.
  if (pattern !== undefined && form !== undefined) return page.replace(pattern, form);
  if (page === 'youtube.com/watch') return `${page}?v=${parsed.searchParams.get('v') ?? ''}`;
  return `${page}${search && `?${search}`}${route}`;
}
