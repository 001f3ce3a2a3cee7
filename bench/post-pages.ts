import { cleanDraft } from '../source/domain/clean.ts';
import { type CleanPost, noEngagement } from '../source/domain/post.ts';
import { postTexts } from './post-texts.ts';
import { perPage } from './raw-inserts.ts';

const yearMs = 365 * 86_400_000;

/** The same posts in every run, oldest first, spread over the year before `now`; pages of `perPage`. */
export function* postPages(
  folder: string,
  total: number,
  { now, spreadMs = yearMs }: { readonly now: number; readonly spreadMs?: number },
): Generator<readonly CleanPost[]> {
  const texts = postTexts(folder);
  for (let from = 0; from < total; from += perPage) {
    yield Array.from({ length: Math.min(perPage, total - from) }, (_, index) => {
      const { post } = cleanDraft(
        {
          externalId: String(from + index),
          author: `author-${texts.random(50_000)}`,
          title: null,
          text: texts.next(),
          url: null,
          link: null,
          lang: null,
          createdAt: now - spreadMs + Math.floor(((from + index) / total) * spreadMs),
          engagement: { ...noEngagement, likes: texts.random(50) },
          parentUrl: null,
          parentText: null,
        },
        now,
      );
      if (post === null) throw new Error('a post without a text');
      return post;
    });
  }
}
