const longestName = 60;

/**
 * A name that the configuration takes, made of a text: "Ärger & Söhne: Blog"
 * is "arger-sohne-blog". Null when nothing of it can stand in a name.
 */
export function sourceNameFrom(text: string): string | null {
  const name = text
    .slice(0, 1000)
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, longestName)
    .replace(/[-._]+$/, '');
  return name === '' ? null : name;
}

/** "https://www.Example.com/blog/feed.xml" is "example.com". */
export function sourceNameOfUrl(url: string): string {
  const host = new URL(url).hostname.toLowerCase().replace(/^(?:www|feeds?|rss)\./, '');
  return sourceNameFrom(host) ?? 'feed';
}

/**
 * Gives each name once: as it is, or as the first of `name-2`, `name-3` … that
 * is free; still within the length of a name. `taken` are those given before.
 */
export function nameGiver(taken: Iterable<string>): (name: string) => string {
  const given = new Set(taken);
  // Ten thousand feeds of one title must not each count from two.
  const counts = new Map<string, number>();
  return (name) => {
    let free = name;
    let count = counts.get(name) ?? 2;
    for (; given.has(free); count += 1) {
      const end = `-${count}`;
      free = `${name.slice(0, longestName - end.length)}${end}`;
    }
    counts.set(name, count);
    given.add(free);
    return free;
  };
}
