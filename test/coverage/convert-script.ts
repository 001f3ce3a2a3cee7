import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { ScriptCov } from '@bcoe/v8-coverage';
import { convert } from 'ast-v8-to-istanbul';
import { parseAstAsync } from 'vitest/node';
import type { FileCounts } from './add-counts.ts';

/** What a script has run, by source file: one for a source that Node ran itself, many for a chunk of the bundle. */
export async function convertScript({ url, functions }: ScriptCov): Promise<readonly FileCounts[]> {
  const path = fileURLToPath(url);
  const text = await readFile(path, 'utf8');
  const code = path.endsWith('.ts') ? stripTypeScriptTypes(text) : text;
  const sourceMap = path.endsWith('.ts') ? undefined : await readMap(path, url);
  if (sourceMap === null) return [];
  const files = await convert({
    code,
    ast: parseAstAsync(code) as never,
    coverage: { url, functions },
    ...(sourceMap === undefined ? {} : { sourceMap }),
  });
  return Object.values(files) as unknown as FileCounts[];
}

async function readMap(path: string, url: string) {
  if (!existsSync(`${path}.map`)) return null;
  const map = JSON.parse(await readFile(`${path}.map`, 'utf8'));
  return { ...map, sources: map.sources.map((source: string) => new URL(source, url).href) };
}
