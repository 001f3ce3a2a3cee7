/** Tags to add and to take away, as typed: "login +checkout -ios". */
export function readTags(text: string): {
  readonly add: readonly string[];
  readonly remove: readonly string[];
} {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const removes = (word: string) => /^[-−]/.test(word);
  const bare = (word: string) => word.replace(/^[-−+#]+/, '').toLowerCase();
  const named = (wanted: readonly string[]) => [...new Set(wanted.map(bare))].filter((tag) => tag !== '');
  return { add: named(words.filter((word) => !removes(word))), remove: named(words.filter(removes)) };
}
