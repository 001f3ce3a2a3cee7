/** A failure of every item is one problem, not ten thousand lines. */
const mostWarnings = 50;

/** What went wrong in words, each thing once; what happened to many posts is counted. */
export class WarningList {
  readonly #texts = new Set<string>();
  readonly #counts = new Map<string, number>();

  add(text: string): void {
    if (this.#texts.size < mostWarnings) this.#texts.add(text);
  }

  /** `words` are followed by the number of posts: "openai refused to look at" 3 posts. */
  count(words: string, posts: number): void {
    if (this.#counts.has(words) || this.#counts.size < mostWarnings)
      this.#counts.set(words, (this.#counts.get(words) ?? 0) + posts);
  }

  list(): readonly string[] {
    const counted = [...this.#counts].map(
      ([words, posts]) => `${words} ${posts} post${posts === 1 ? '' : 's'}`,
    );
    return [...this.#texts, ...counted];
  }
}
