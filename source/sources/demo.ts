import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { PostDraft } from '../domain/post.ts';
import { UserError } from '../errors.ts';
import type { FetchOptions, Page } from '../ports/source.ts';
import { draftRow } from './file-columns.ts';
import { readRows, readText } from './file-rows.ts';
import { defineSourceKind, type SourceTools } from './kind.ts';

const pageSize = 50;
const samplePath = join('demo', 'sample.ndjson');

const options = z.object({
  path: z.string().default('').describe('File with the sample posts; empty means the one in the package'),
});

/** A sample that is always fresh: posts with `minutesAgo` in place of a date. Not proposed by the wizard. */
export const demoKind = defineSourceKind({
  kind: 'demo',
  title: 'Demo',
  options,
  target: () => 'sample posts',
  open: (name, { path }, tools) => ({
    name,
    kind: 'demo',
    fetch: (request) => fetchSample(path, tools, request),
  }),
});

/** The cursor counts the rows that were read; the sample does not change within a version. */
async function* fetchSample(path: string, tools: SourceTools, request: FetchOptions): AsyncIterable<Page> {
  const file = path === '' ? findSample() : resolve(tools.folder, path);
  const skip = request.cursor?.path === path ? Number(request.cursor.rows) : 0;
  const now = tools.clock.now();
  let rows = 0;
  let posts: PostDraft[] = [];
  let warnings: string[] = [];
  for await (const row of readRows('ndjson', readText(file, request.signal))) {
    request.signal.throwIfAborted();
    rows += 1;
    if (rows <= skip) continue;
    const draft = 'problem' in row ? row.problem : draftRow(row.value, {});
    if (typeof draft === 'string') warnings.push(`line ${row.line}: ${draft}`);
    else
      posts.push({
        ...draft,
        createdAt: momentOf('value' in row ? row.value.minutesAgo : null, now) ?? draft.createdAt,
      });
    if (posts.length === pageSize) {
      yield { posts, cursor: { path, rows }, warnings };
      posts = [];
      warnings = [];
    }
  }
  if (rows > skip) yield { posts, cursor: { path, rows }, warnings };
}

function momentOf(minutesAgo: unknown, now: number): number | null {
  return typeof minutesAgo === 'number' && Number.isFinite(minutesAgo)
    ? Math.round(now - minutesAgo * 60_000)
    : null;
}

/** The sample stands at the package's root, above both the sources and the bundle. */
function findSample(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, samplePath);
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) break;
  }
  throw new UserError('no-demo', 'the sample posts are missing from this installation', {
    fix: 'Install signal-harvester again',
  });
}
