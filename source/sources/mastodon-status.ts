import { z } from 'zod';
import { draftPost, type PostDraft } from '../domain/post.ts';
import { anyList, count, isoTime, optionalText } from './answer-fields.ts';
import { htmlToText } from './html-text.ts';

/** What pages are counted by: present in whatever else cannot be read. */
export const statusId = z.object({ id: z.string().regex(/^[\w-]{1,64}$/) });

/** No id of Mastodon's own making is older; the ids of other servers may be. */
const mastodonBegan = Date.UTC(2016, 0, 1);

const quotedSchema = z.object({ uri: z.string(), url: optionalText, content: optionalText });
/** https://docs.joinmastodon.org/entities/Status/ */
const statusSchema = z.object({
  id: optionalText,
  uri: z.string().min(1),
  url: optionalText,
  created_at: isoTime,
  language: optionalText,
  content: optionalText,
  spoiler_text: optionalText,
  in_reply_to_id: optionalText,
  account: z.object({ acct: optionalText, url: optionalText }).catch({ acct: null, url: null }),
  card: z.object({ url: optionalText }).nullish().catch(null),
  quote: z
    .object({ quoted_status: quotedSchema.nullish().catch(null) })
    .nullish()
    .catch(null),
  media_attachments: anyList,
  favourites_count: count,
  reblogs_count: count,
  replies_count: count,
  quotes_count: count,
});
type Status = z.infer<typeof statusSchema>;
const reblogSchema = z.object({ reblog: z.object({ uri: z.string() }).loose() });
const attachment = z.object({ description: optionalText });

/**
 * Null for what is no status, or one without a word. A boost is the status
 * that it boosts.
 *
 * @param instance where it was read: ids and short account names are of there
 */
export function draftStatus(item: unknown, instance: string): PostDraft | null {
  const status = statusSchema.safeParse(reblogSchema.safeParse(item).data?.reblog ?? item).data;
  if (!status) return null;
  const text = [status.spoiler_text?.trim(), htmlToText(status.content ?? '') || descriptions(status)]
    .filter(Boolean)
    .join('\n\n');
  if (text === '') return null;
  const quoted = status.quote?.quoted_status ?? null;
  const answered = status.in_reply_to_id;
  return draftPost({
    externalId: status.uri,
    url: webAddress(status.url) ?? webAddress(status.uri),
    link: webAddress(status.card?.url ?? null),
    author: authorOf(status, instance),
    text,
    lang: status.language,
    createdAt: writtenAt(status),
    engagement: {
      likes: status.favourites_count,
      reposts: status.reblogs_count,
      replies: status.replies_count,
      quotes: status.quotes_count,
    },
    parentUrl:
      answered !== null ? `${instance}/statuses/${answered}` : webAddress(quoted?.url ?? quoted?.uri ?? null),
    parentText: answered === null && quoted?.content ? htmlToText(quoted.content) : null,
  });
}

/** Not after it came: the clock of another server may be wrong, and no run would look before a date to come. */
function writtenAt({ id, created_at: told }: Status): number | null {
  const came = id !== null && /^\d{1,19}$/.test(id) ? Number(BigInt(id) >> 16n) : 0;
  return told === null || came < mastodonBegan ? told : Math.min(told, came);
}

/** Accounts of the instance itself are named without it. */
function authorOf({ account }: Status, instance: string): string | null {
  if (account.acct === null || account.acct.includes('@')) return account.acct;
  return `${account.acct}@${new URL(webAddress(account.url) ?? instance).host}`;
}

function descriptions(status: Status): string {
  return status.media_attachments
    .flatMap((media) => attachment.safeParse(media).data?.description ?? [])
    .join('\n');
}

function webAddress(address: string | null): string | null {
  return address !== null && /^https?:\/\//i.test(address) && URL.canParse(address) ? address : null;
}

/**
 * Ids hold the milliseconds since 1970 above their lowest 16 bits. A status
 * that comes late from another server gets the id of the time at which it was
 * written (lib/mastodon/snowflake.rb), so ids do not only grow.
 */
export function idAtTime(at: number): string {
  return String(BigInt(Math.max(0, Math.floor(at))) << 16n);
}

/** The id of that much earlier; the id itself where a server has ids of another make. */
export function earlierId(id: string, ms: number): string {
  if (!/^\d{1,19}$/.test(id)) return id;
  const earlier = BigInt(id) - (BigInt(ms) << 16n);
  return String(earlier < 0n ? 0n : earlier);
}

/** True when `id` comes after `other`. */
export function isLaterId(id: string, other: string): boolean {
  const numbers = /^\d{1,19}$/;
  return numbers.test(id) && numbers.test(other) ? BigInt(id) > BigInt(other) : id > other;
}
