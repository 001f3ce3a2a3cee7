import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mergeProcessCovs, type ProcessCov, type ScriptCov } from '@bcoe/v8-coverage';

/** The folder in that of the coverage reports where those of child processes wait. */
export const childReports = '.children';

/** Merging many at once takes a third of the time of one by one; all at once would fill the memory. */
const together = 20;

const root = new URL('../../', import.meta.url).href;
const ours = ['dist/', 'source/', 'migrations/'].map((folder) => `${root}${folder}`);

/**
 * One report instead of those of all processes that ended since, in the same
 * folder; a process writes megabytes, most of them about code of others.
 */
export async function condenseReports(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const paths = (await readdir(folder))
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(folder, name));
  const scripts = await readScripts(paths);
  await writeFile(join(folder, 'all.json'), JSON.stringify({ result: scripts }));
  await Promise.all(paths.filter((path) => !path.endsWith('all.json')).map((path) => rm(path)));
}

/** What all processes together have run of our files. */
export async function readChildren(reportsFolder: string): Promise<readonly ScriptCov[]> {
  const folder = join(reportsFolder, childReports);
  if (!existsSync(folder)) return [];
  const names = await readdir(folder, { recursive: true });
  return readScripts(names.filter((name) => name.endsWith('.json')).map((name) => join(folder, name)));
}

async function readScripts(paths: readonly string[]): Promise<ScriptCov[]> {
  let merged: ProcessCov = { result: [] };
  for (let at = 0; at < paths.length; at += together) {
    const texts = await Promise.all(paths.slice(at, at + together).map((path) => readFile(path, 'utf8')));
    merged = mergeProcessCovs([merged, ...texts.map(ofOurs)]);
  }
  return merged.result;
}

function ofOurs(text: string): ProcessCov {
  return {
    result: parseReport(text).result.filter(({ url }) => ours.some((folder) => url.startsWith(folder))),
  };
}

/** A process that was killed while it wrote leaves half a report, which says nothing. */
function parseReport(text: string): ProcessCov {
  try {
    return JSON.parse(text);
  } catch {
    return { result: [] };
  }
}
