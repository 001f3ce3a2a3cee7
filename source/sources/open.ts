import { z } from 'zod';
import { sourceBase } from '../config/source-schema.ts';
import { UserError } from '../errors.ts';
import type { Source } from '../ports/source.ts';
import { appstoreKind } from './appstore.ts';
import { blueskyKind } from './bluesky.ts';
import { commandKind } from './command.ts';
import { demoKind } from './demo.ts';
import { discourseKind } from './discourse.ts';
import { fileKind } from './file.ts';
import { githubKind } from './github.ts';
import { hackernewsKind } from './hackernews.ts';
import type { SourceKind, SourceTools } from './kind.ts';
import { lemmyKind } from './lemmy.ts';
import { lobstersKind } from './lobsters.ts';
import { mastodonKind } from './mastodon.ts';
import { redditKind } from './reddit.ts';
import { rssKind } from './rss.ts';
import { stackexchangeKind } from './stackexchange.ts';
import { webhookKind } from './webhook.ts';
import { xKind } from './x.ts';
import { youtubeKind } from './youtube.ts';

/** Every kind of source, in the order in which the wizard proposes them. */
export const sourceKinds: readonly SourceKind[] = [
  hackernewsKind,
  githubKind,
  stackexchangeKind,
  lemmyKind,
  lobstersKind,
  rssKind,
  fileKind,
  appstoreKind,
  discourseKind,
  youtubeKind,
  commandKind,
  webhookKind,
  demoKind,
  xKind,
  redditKind,
  blueskyKind,
  mastodonKind,
];

type KindSchema = z.ZodObject<Record<string, z.ZodType> & { kind: z.ZodLiteral<string> }, z.core.$strict>;

/** One source of the configuration: what every source has, and the options of its kind and no others. */
export const sourceSchema = z.discriminatedUnion(
  'kind',
  sourceKinds.map(kindSchema) as [KindSchema, ...KindSchema[]],
);

function kindSchema(kind: SourceKind): KindSchema {
  const shape = { ...sourceBase, kind: z.literal(kind.kind).describe(kind.title), ...kind.options.shape };
  return z.strictObject(shape) as unknown as KindSchema;
}

/** Throws `UserError` `unknown-kind`. */
export function findKind(name: string): SourceKind {
  const kind = sourceKinds.find((candidate) => candidate.kind === name);
  if (kind) return kind;
  throw new UserError('unknown-kind', `there is no kind of source named "${name}"`, {
    fix: `Use one of: ${sourceKinds.map((candidate) => candidate.kind).join(', ')}`,
  });
}

/** A source by name and kind, with the kind's options; what every source has beside those is ignored. */
export interface NamedSource {
  readonly name: string;
  readonly kind: string;
  readonly [option: string]: unknown;
}

/**
 * Opens a configured source. Its options are parsed once more, so defaults
 * hold even for a config that was made by a program. Opening does no I/O.
 * Throws `UserError` `unknown-kind` or `bad-source`.
 */
export function openSource(config: NamedSource, tools: SourceTools): Source {
  const kind = findKind(config.kind);
  const { name, ...rest } = config;
  const options = Object.fromEntries(
    Object.entries(rest).filter(([key]) => key !== 'kind' && !(key in sourceBase)),
  );
  const parsed = z.strictObject(kind.options.shape).safeParse(options);
  if (!parsed.success) {
    throw new UserError(
      'bad-source',
      `source ${name}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
      {
        fix: `Correct the options of ${name} in the configuration`,
      },
    );
  }
  return kind.open(name, parsed.data, tools);
}
