import { z } from 'zod';
import { draftPost, type PostDraft } from '../domain/post.ts';
import { anyList, count, isoTime, optionalText } from './answer-fields.ts';

/** The address of a post in the network: at://did:plc:…/app.bsky.feed.post/3k2yinh52ne2x */
export const postUri = z.string().regex(/^at:\/\/[^/\s]+\/app\.bsky\.feed\.post\/[^/\s?#]+$/);

const reference = z.object({ uri: postUri });
const external = z.object({ uri: optionalText });
const images = z
  .array(z.object({ alt: optionalText }))
  .nullish()
  .catch(null);
const media = z.object({ external: external.nullish().catch(null), images });
const recordSchema = z.object({
  text: z.string(),
  createdAt: isoTime,
  langs: z.array(z.string()).nullish().catch(null),
  facets: anyList,
  reply: z.object({ parent: reference }).nullish().catch(null),
  embed: media
    .extend({ media: media.nullish().catch(null) })
    .nullish()
    .catch(null),
});
const linkFacet = z.object({ features: anyList });
const linkFeature = z.object({ $type: z.literal('app.bsky.richtext.facet#link'), uri: z.string() });

/** A quoted post as it is shown: below `record`, or one deeper where there are pictures beside it. */
const quoteView = z.object({ uri: postUri, value: z.object({ text: z.string() }) });
const embedView = z.object({
  record: z
    .union([quoteView, z.object({ record: quoteView }).transform(({ record }) => record)])
    .nullish()
    .catch(null),
});

/** A post as a reader is shown it: https://docs.bsky.app/docs/api/app-bsky-feed-search-posts */
const viewSchema = z.object({
  uri: postUri,
  author: z.object({ handle: optionalText }).catch({ handle: null }),
  record: recordSchema,
  embed: embedView.nullish().catch(null),
  indexedAt: isoTime,
  likeCount: count,
  repostCount: count,
  replyCount: count,
  quoteCount: count,
});
type View = z.infer<typeof viewSchema>;

/** Null for what is no post, or a post without a word. */
export function draftBlueskyPost(item: unknown): PostDraft | null {
  const view = viewSchema.safeParse(item).data;
  if (!view) return null;
  const { record } = view;
  const text = record.text.trim() || altTexts(view);
  if (text === '') return null;
  const quote = view.embed?.record ?? null;
  const parent = record.reply?.parent.uri ?? quote?.uri ?? null;
  const handle = view.author.handle === 'handle.invalid' ? null : view.author.handle;
  return draftPost({
    externalId: view.uri,
    url: webLink(view.uri, handle),
    link: linkOf(view),
    author: handle,
    text,
    lang: record.langs?.[0] ?? null,
    createdAt: sortedAt(view),
    engagement: blueskyCounts(view),
    parentUrl: parent === null ? null : webLink(parent, null),
    parentText: record.reply ? null : (quote?.value.text ?? null),
  });
}

/** The counts of one post, as `refresh` reads them. */
export function refreshedCounts(item: unknown) {
  const view = viewSchema.safeParse(item).data;
  return view ? [{ externalId: view.uri, engagement: blueskyCounts(view) }] : [];
}

function blueskyCounts(view: View) {
  return {
    likes: view.likeCount,
    reposts: view.repostCount,
    replies: view.replyCount,
    quotes: view.quoteCount,
  };
}

/**
 * The time by which Bluesky sorts: when the author's program says that it was
 * written, but not after the network first saw it.
 */
function sortedAt(view: View): number | null {
  const times = [view.record.createdAt, view.indexedAt].filter((at) => at !== null);
  return times.length > 0 ? Math.min(...times) : null;
}

function webLink(uri: string, handle: string | null): string {
  const [, , did = '', , key = ''] = uri.split('/');
  return `https://bsky.app/profile/${handle ?? did}/post/${key}`;
}

/** The page of the preview card, else the first link in the text. */
function linkOf({ record }: View): string | null {
  const card = record.embed?.external?.uri ?? record.embed?.media?.external?.uri;
  if (card) return card;
  for (const facet of record.facets) {
    const features = linkFacet.safeParse(facet).data?.features ?? [];
    const link = features.map((feature) => linkFeature.safeParse(feature).data?.uri).find(Boolean);
    if (link) return link;
  }
  return null;
}

function altTexts({ record }: View): string {
  const pictures = record.embed?.images ?? record.embed?.media?.images ?? [];
  return pictures.flatMap(({ alt }) => alt ?? []).join('\n');
}
