import { readFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import type { z } from 'zod';
import { nearestTo } from '../domain/nearest-word.ts';
import { UserError } from '../errors.ts';
import { type ConfigText, readConfigText } from './config-text.ts';
import { type Override, profileVariable, readEnvironment } from './environment.ts';
import { findConfigFile, platformFolders } from './find.ts';
import { cleanMistake, InvalidConfig } from './invalid-config.ts';
import { settingsJsonSchema } from './json-schema.ts';
import { type Config, configSchema } from './schema.ts';
import { isRecord, type SchemaNode } from './schema-tree.ts';
import { pickSecrets, type Secrets } from './secrets.ts';
import { dropEmpty, Mistakes, type Variant } from './validate.ts';

export interface LoadOptions {
  /** What an entry of `sources` may be. */
  readonly sourceSchema: z.ZodType;
  /** `--config`; relative to `cwd`. Null reads no file at all, not even one in the usual places. */
  readonly explicitPath?: string | null;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** `--profile`; SIGNAL_HARVESTER_PROFILE when absent. */
  readonly profile?: string;
}

/** A configuration and where it came from. Plain data: it crosses to worker threads. */
export interface LoadedConfig {
  readonly config: Config;
  /** Absolute; null when there is no file and everything is a default or from the environment. */
  readonly path: string | null;
  /** Relative paths in the configuration are meant from here. */
  readonly folder: string;
  readonly profile: string | null;
  readonly secrets: Secrets;
  /** Settings that came from environment variables; they are in `config` already. */
  readonly environment: readonly Override[];
}

/**
 * Reads the configuration: defaults, then the file, then its profile, then
 * environment variables. Every profile of the file is validated, chosen or not.
 *
 * Throws `InvalidConfig` with all mistakes at once, or another `UserError` when
 * the file or the profile does not exist or cannot be read. Pure but for reading
 * that one file.
 */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const path = options.explicitPath === null ? null : findConfigFile(options.explicitPath, options.cwd);
  const text = path === null ? null : readText(path, options.cwd);
  if (text !== null && text.syntax.length > 0)
    throw new InvalidConfig(text.syntax.map((mistake) => syntaxMistake(text, mistake)));

  const jsonSchema = lazy(() => settingsJsonSchema(options.sourceSchema));
  const mistakes = new Mistakes(configSchema(options.sourceSchema), jsonSchema, text);
  const { base, profiles } = splitProfiles(text, mistakes, jsonSchema);
  const chosen = options.profile ?? (options.env[profileVariable] || undefined) ?? null;
  const environment = readEnvironment(options.env, jsonSchema);
  for (const unknown of environment.unknown) mistakes.addUnknownVariable(unknown);

  const variants: Variant[] = [
    { profile: null, layer: {}, overrides: [] },
    ...[...profiles].map(([profile, layer]) => ({ profile, layer, overrides: [] })),
  ];
  for (const variant of variants) mistakes.check(base, variant);
  const effective: Variant = {
    profile: chosen,
    layer: chosen === null ? {} : profiles.get(chosen),
    overrides: environment.overrides,
  };
  const config = mistakes.check(base, effective);
  if (mistakes.found.length > 0 || config === null) throw new InvalidConfig(mistakes.found);
  if (chosen !== null && !profiles.has(chosen)) throw unknownProfile(chosen, [...profiles.keys()], text);
  return {
    config: config as Config,
    path,
    folder: path === null ? options.cwd : dirname(path),
    profile: chosen,
    secrets: pickSecrets(options.env),
    environment: environment.overrides,
  };
}

/** The SQLite file: the path of the setting, from the configuration's folder, or its name in the platform's data folder. */
export function resolveStorePath({ config, folder }: Pick<LoadedConfig, 'config' | 'folder'>): string {
  return config.store.path === ''
    ? join(platformFolders().data, `${config.store.name}.sqlite`)
    : resolve(folder, config.store.path);
}

/** The folder of snapshots: the setting, or one beside the store that is named after it. */
export function resolveSnapshotsPath(loaded: Pick<LoadedConfig, 'config' | 'folder'>): string {
  const { path } = loaded.config.snapshots;
  if (path !== '') return resolve(loaded.folder, path);
  const store = resolveStorePath(loaded);
  return join(dirname(store), `${basename(store, extname(store))}-snapshots`);
}

/** The second folder of snapshots; null when there is none. */
export function resolveSnapshotsCopyPath({
  config,
  folder,
}: Pick<LoadedConfig, 'config' | 'folder'>): string | null {
  return config.snapshots.copyTo === '' ? null : resolve(folder, config.snapshots.copyTo);
}

/** The log file of the terminal app: the setting, from the configuration's folder, or the platform's log folder. */
export function resolveLogPath({ config, folder }: Pick<LoadedConfig, 'config' | 'folder'>): string {
  return config.log.path === ''
    ? join(platformFolders().log, 'signal-harvester.log')
    : resolve(folder, config.log.path);
}

function readText(path: string, cwd: string): ConfigText {
  const inside = relative(cwd, path);
  try {
    return readConfigText(inside.startsWith('..') ? path : inside, readFileSync(path, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError('config-unreadable', `The configuration ${path} cannot be read: ${reason}`, {
      fix: 'Make it a file that you may read, or give another one to --config.',
      cause,
    });
  }
}

/** The file without its profiles, and the profiles; whatever is not a mapping is a mistake and left out. */
function splitProfiles(text: ConfigText | null, mistakes: Mistakes, schema: () => SchemaNode) {
  const root = text?.root ?? {};
  if (!isRecord(root)) {
    mistakes.addNotMapping([], root);
    return { base: {}, profiles: new Map<string, unknown>() };
  }
  const { profiles: given, ...base } = root;
  const profiles = new Map<string, unknown>();
  if (isRecord(given)) {
    for (const [name, layer] of Object.entries(given)) {
      if (!isRecord(layer) && layer !== null) mistakes.addNotMapping(['profiles', name], layer);
      profiles.set(name, isRecord(layer) ? dropEmpty(layer, schema) : {});
    }
  } else if (given !== undefined && given !== null) mistakes.addNotMapping(['profiles'], given);
  return { base: dropEmpty(base, schema), profiles };
}

function syntaxMistake(text: ConfigText, { line, column, message }: ConfigText['syntax'][number]) {
  return cleanMistake({
    file: text.file,
    variable: null,
    line,
    column,
    path: '',
    found: 'text that is not YAML',
    expected: 'YAML',
    nearest: null,
    message: `not valid YAML: ${message}`,
  });
}

function unknownProfile(name: string, known: readonly string[], text: ConfigText | null): UserError {
  const nearest = nearestTo(name, known);
  const fix =
    text === null
      ? 'There is no configuration file: run "signal-harvester init" to make one, or leave the profile out.'
      : known.length === 0
        ? `${text.file} has no profiles: leave the profile out, or add one under "profiles:".`
        : `Use one of ${known.join(', ')}${nearest === null ? '' : ` (did you mean ${nearest}?)`}.`;
  return new UserError('unknown-profile', `There is no profile "${name}".`, { fix });
}

function lazy<Value>(make: () => Value): () => Value {
  let made: { value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
