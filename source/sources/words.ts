/**
 * Tells whether a text holds all the words of a query, whatever their letter
 * case: for services that cannot search. `"words in quotes"` must stand
 * together; "go" is not found in "google". An empty query is in every text.
 */
export function wordFilter(query: string): (text: string) => boolean {
  const phrases = [...query.matchAll(/"([^"]*)"|(\S+)/g)]
    .map(([, quoted, word]) => (quoted ?? word ?? '').trim())
    .filter((phrase) => phrase !== '');
  const patterns = phrases.map((phrase) => {
    const words = phrase.split(/\s+/).map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
    return new RegExp(`(?<![\\p{L}\\p{N}])${words.join('\\s+')}(?![\\p{L}\\p{N}])`, 'iu');
  });
  return (text) => patterns.every((pattern) => pattern.test(text));
}
