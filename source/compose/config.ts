import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findKeptConfig } from '../config/kept-config.ts';
import type { LoadedConfig, LoadOptions } from '../config/load.ts';
import { programVersion } from '../version.ts';
import { aimRecorder } from './recorder.ts';

/** Where a configuration is looked for, and what is laid over it. */
export type ConfigRequest = Omit<LoadOptions, 'sourceSchema' | 'file'>;

/**
 * The effective configuration, checked against the options of every kind of
 * source: now, or by an earlier start that read the very same.
 */
export async function readConfig(request: ConfigRequest): Promise<LoadedConfig> {
  const loaded = isBundled ? await readWithKept(request) : await checkConfig(request);
  aimRecorder(loaded);
  return loaded;
}

/** Sources change without a build to tell of it, so nothing is kept for them. */
const isBundled = !import.meta.url.endsWith('.ts');

async function readWithKept(request: ConfigRequest): Promise<LoadedConfig> {
  // A build of its own may have the version of another.
  const builtAt = statSync(fileURLToPath(import.meta.url)).mtimeMs;
  const program = `${programVersion()} ${builtAt} ${process.version}`;
  const kept = findKeptConfig(request, { program });
  if (kept.loaded !== null) return kept.loaded;
  const loaded = await checkConfig({ ...request, ...(kept.file && { file: kept.file }) });
  kept.keep(loaded);
  return loaded;
}

/** The reader and the schemas are loaded here alone: most starts do without. */
async function checkConfig(options: Omit<LoadOptions, 'sourceSchema'>): Promise<LoadedConfig> {
  const [{ loadConfig }, { sourceSchema }] = await Promise.all([
    import('../config/load.ts'),
    import('../sources/open.ts'),
  ]);
  return loadConfig({ ...options, sourceSchema });
}

/** The JSON Schema of the configuration file, for editors. */
export async function describeConfig(): Promise<unknown> {
  const { configJsonSchema } = await import('../config/json-schema.ts');
  const { sourceSchema } = await import('../sources/open.ts');
  return configJsonSchema(sourceSchema);
}

/**
 * A configuration for a look around: the bundled sample, and a store in a
 * temporary folder (`folder`) that the caller removes.
 */
export async function demoConfig(): Promise<LoadedConfig> {
  const folder = mkdtempSync(join(tmpdir(), 'signal-harvester-demo-'));
  const loaded = await checkConfig({ cwd: folder, env: {}, explicitPath: null });
  const { anySource } = await import('../config/schema.ts');
  const demo = anySource.parse({ name: 'demo', kind: 'demo' });
  const demonstrated: LoadedConfig = {
    ...loaded,
    folder,
    config: {
      ...loaded.config,
      topic: 'demo',
      sources: [demo],
      store: { ...loaded.config.store, path: join(folder, 'signals.sqlite') },
      log: { ...loaded.config.log, path: join(folder, 'demo.log') },
    },
  };
  aimRecorder(demonstrated);
  return demonstrated;
}
