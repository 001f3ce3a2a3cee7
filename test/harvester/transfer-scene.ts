import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acceptAnalysis } from '../../source/analyzers/accept-analysis.ts';
import type { PostDraft } from '../../source/domain/post.ts';
import { categoryIds } from '../../source/domain/taxonomy.ts';
import { createHarvester } from '../../source/harvester/create.ts';
import { writeSignals } from '../../source/harvester/export-file.ts';
import type { ExportFormat } from '../../source/harvester/export-formats.ts';
import type { Harvester } from '../../source/harvester/harvester.ts';
import { type ImportTally, importRows } from '../../source/harvester/import-file.ts';
import { parquetRows } from '../../source/harvester/import-parquet.ts';
import { readRows, recognizeExport } from '../../source/harvester/import-rows.ts';
import type { AnalysisChain } from '../../source/pipeline/analyze.ts';
import { listSource, ruleChain, scriptedParts, stoppedClock } from '../pipeline/scripted.ts';
import { temporaryFolder, temporaryStore } from '../store/temporary-store.ts';
import { untaughtParts } from './untaught.ts';

/** A model that says of every signal what `says` gives for its text, and is believed as far as any model is. */
function talkingChain(says: (text: string) => string): AnalysisChain {
  return {
    ...ruleChain,
    analyze: async (batch, watch) => {
      const answers = await ruleChain.analyze(batch, watch);
      return answers.map(({ signalId, analysis }, index) => {
        const words = says(batch[index]?.text ?? '');
        const { analyzer, ...draft } = analysis;
        const accepted = acceptAnalysis({ ...draft, reasoning: words, tags: [words] }, new Set(categoryIds));
        const model = { name: 'a/model', promptVersion: '1' };
        return { signalId, analysis: { ...draft, ...accepted, analyzer, model } };
      });
    },
  };
}

/** An application on a store of its own, with posts to harvest. */
export async function transferScene(
  lists: Readonly<Record<string, readonly PostDraft[]>> = {},
  says: (text: string) => string = () => 'by rule',
): Promise<Harvester> {
  const store = await temporaryStore();
  const scripted = scriptedParts(store);
  const chain = talkingChain(says);
  const harvester = createHarvester({
    ...scripted,
    ...untaughtParts(store),
    analysis: { ...scripted.analysis, chainOf: () => chain },
    store,
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    sources: Object.entries(lists).map(([name, posts]) => ({
      name,
      kind: 'list',
      enabled: true,
      target: 'a list',
      open: () => listSource(name, posts),
    })),
    categories: categoryIds,
    openAdHoc: () => {
      throw new Error('none');
    },
    analyst: 'ann',
    timeZone: 'UTC',
    views: [],
    doctor: { configPath: 'config.yaml', nodeVersion: '24.0.0', keys: [], clockSkewMs: () => null },
  });
  if (Object.keys(lists).length > 0) await harvester.run({});
  return harvester;
}

export async function exported(harvester: Harvester, format: ExportFormat, search = ''): Promise<Buffer> {
  const chunks: (string | Uint8Array)[] = [];
  const about = { at: stoppedClock.now(), topic: '' };
  const request = {
    harvester,
    query: { search, order: 'oldest' as const },
    limit: Number.POSITIVE_INFINITY,
    about,
  };
  await writeSignals({ ...request, signal: new AbortController().signal }, format, async (chunk) => {
    chunks.push(chunk);
  });
  return Buffer.concat(chunks.map((chunk) => Buffer.from(chunk)));
}

/** As the command does it: the format is told by the file, which comes in pieces of `pieceBytes`. */
export async function imported(
  harvester: Harvester,
  file: Buffer,
  options: { readonly overwrite?: boolean; readonly dryRun?: boolean } = {},
  pieceBytes = 65_536,
): Promise<ImportTally> {
  const format = recognizeExport(file.subarray(0, 65_536));
  if (format === null) throw new Error('this is no export');
  const path = join(temporaryFolder(), 'export.parquet');
  if (format === 'parquet') writeFileSync(path, file);
  const pieces = async function* () {
    for (let start = 0; start < file.length; start += pieceBytes)
      yield file.subarray(start, start + pieceBytes);
  };
  return importRows({
    harvester,
    rows: format === 'parquet' ? parquetRows(path) : readRows(format, pieces()),
    options: { overwrite: false, dryRun: false, ...options },
    signal: new AbortController().signal,
  });
}
