import { z } from 'zod';
import { cleanLine } from '../domain/clean.ts';
import type { PostDraft } from '../domain/post.ts';

/** Text that a post can do without: null when it is missing or of another type. */
export const optionalText = z
  .string()
  .nullish()
  .catch(null)
  .transform((text) => text || null);

/** A public count: a whole number, 0 when it is missing or of another type. */
export const count = z
  .number()
  .catch(0)
  .transform((number) => Math.max(0, Math.trunc(number)));

/** An ISO 8601 time as milliseconds UTC; null when it cannot be read. */
export const isoTime = optionalText.transform((text) => {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? null : at;
});

/** A list of things that are read one by one, so that a broken one costs only itself. */
export const anyList = z
  .array(z.unknown())
  .nullish()
  .catch(null)
  .transform((list) => list ?? []);

/** Drafts of the items that can be read, and a warning that counts the others. */
export function draftItems(
  items: readonly unknown[],
  draft: (item: unknown) => PostDraft | null,
): { readonly posts: PostDraft[]; readonly warnings: string[] } {
  const posts = items.map(draft).filter((post) => post !== null);
  const broken = items.length - posts.length;
  const have = broken === 1 ? 'post has' : 'posts have';
  return { posts, warnings: broken > 0 ? [`${broken} ${have} no id or no text: left out`] : [] };
}

/** What a service said about its refusal: one clean line of bounded length, null when it said nothing. */
export function quoteMessage(message: unknown): string | null {
  if (typeof message !== 'string') return null;
  const line = cleanLine(message.slice(0, 2_000));
  if (line === '') return null;
  return line.length > 200 ? `${line.slice(0, 199).trimEnd()}…` : line;
}
