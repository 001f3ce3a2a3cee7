import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { hash32, hash47 } from '../domain/hash.ts';
import { chosenProfile, keepVariable, settingVariables } from './environment.ts';
import { findConfigFile, platformFolders } from './find.ts';
import type { ConfigFile, LoadedConfig } from './load.ts';
import type { Config } from './schema.ts';
import { pickSecrets } from './secrets.ts';

/**
 * Reading YAML and building the schemas of all kinds of source takes longer
 * than most commands do. So a configuration that was checked in full is kept
 * as plain JSON in the cache folder, and whoever asks for the same file again
 * is given that. It is never a second way to read a file: what is kept is the
 * result of the one reader, for exactly these bytes, this profile, this
 * program and this Node.
 *
 * Nothing of the environment is kept. Secrets are read anew each time; where a
 * variable changes a setting, nothing is kept or used at all.
 */
export interface KeptConfig {
  /** The file that is meant, as it was read for the comparison; undefined where `loadConfig` should look itself. */
  readonly file: ConfigFile | undefined;
  /** Null when nothing that fits is kept. */
  readonly loaded: LoadedConfig | null;
  /** Keeps what `loadConfig` made of `file`. Never throws: a start that is not quicker is no failure. */
  keep(loaded: LoadedConfig): void;
}

export interface KeptRequest {
  readonly explicitPath?: string | null;
  readonly profile?: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface Keeping {
  /** Changes whenever another program might understand the same file differently. */
  readonly program: string;
  /** Where configurations are kept; the platform's cache folder when absent. */
  readonly folder?: string;
}

/** Configurations that are kept at most: files and profiles in use, not a history. */
const mostKept = 20;
const longestKept = 1_000_000;

/**
 * Looks for a kept configuration.
 *
 * @throws UserError `config-not-found`, as `loadConfig` does
 */
export function findKeptConfig(request: KeptRequest, keeping: Keeping): KeptConfig {
  const { cwd, env } = request;
  const nothing: KeptConfig = { file: undefined, loaded: null, keep: () => {} };
  if (env[keepVariable] === 'off' || settingVariables(env).length > 0) return nothing;
  const file = readConfigFile(request);
  if (file === null) return nothing;
  const profile = chosenProfile(request);
  const key = keyOf(file, profile, keeping.program);
  const place = join(keeping.folder ?? keptFolder(), nameOf(file, profile, keeping.program));
  const config = readKept(place, key);
  const folder = file.path === null ? cwd : dirname(file.path);
  return {
    file,
    loaded:
      config === null
        ? null
        : { config, path: file.path, folder, profile, secrets: pickSecrets(env), environment: [] },
    keep: (loaded) => writeKept(place, key, loaded.config),
  };
}

/** Where configurations are kept unless somebody says otherwise. */
export function keptFolder(): string {
  return join(platformFolders().cache, 'configurations');
}

/** Null for a file that cannot be read: `loadConfig` says what is wrong with it. */
function readConfigFile({ explicitPath, cwd }: KeptRequest): ConfigFile | null {
  const path = explicitPath === null ? null : findConfigFile(explicitPath, cwd);
  try {
    return { path, text: path === null ? null : readFileSync(path, 'utf8') };
  } catch {
    return null;
  }
}

/** Hashes of the text and not the text: a comment may hold what no setting may. */
function keyOf({ path, text }: ConfigFile, profile: string | null, program: string): string {
  const content = text === null ? null : [text.length, hash47(text), hash32(text, 0x5bd1e995)];
  return JSON.stringify([program, path, profile, content]);
}

/** A place for each file, profile and program: an edit replaces what was kept before it, and two versions do not undo each other. */
function nameOf({ path }: ConfigFile, profile: string | null, program: string): string {
  return `${hash47(JSON.stringify([path, profile, program])).toString(36)}.json`;
}

/** A checksum, the key, the configuration: a line each. Whatever is not exactly that is as good as absent. */
function readKept(place: string, key: string): Config | null {
  try {
    const descriptor = openSync(place, 'r');
    try {
      if (!isOwnAlone(descriptor)) return null;
      const [sum, keptKey, json = '', ...more] = readFileSync(descriptor, 'utf8').split('\n');
      if (keptKey !== key || more.length > 0 || sum !== checksum(key, json)) return null;
      return JSON.parse(json) as Config;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return null;
  }
}

/** Not shared: what another account could have written is nobody's word on this one's configuration. */
function isOwnAlone(descriptor: number): boolean {
  const { uid, mode, size } = fstatSync(descriptor);
  if (size > longestKept) return false;
  // Windows has neither, and keeps the folder of an account from the others.
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0);
}

function writeKept(place: string, key: string, config: Config): void {
  const draft = `${place}.${process.pid}.partial`;
  try {
    const json = JSON.stringify(config);
    // Whatever JSON would change must be read from the file each time.
    if (json.length > longestKept || !isDeepStrictEqual(JSON.parse(json), config)) return;
    const folder = dirname(place);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(draft, [checksum(key, json), key, json].join('\n'), { mode: 0o600, flag: 'wx' });
    renameSync(draft, place);
    removeOldest(folder);
  } catch {
    try {
      rmSync(draft, { force: true });
    } catch {
      // A folder that cannot be written to.
    }
  }
}

function removeOldest(folder: string): void {
  const files = readdirSync(folder).map((name) => {
    const path = join(folder, name);
    return { path, writtenAt: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
  });
  const oldest = files.toSorted((a, b) => b.writtenAt - a.writtenAt).slice(mostKept);
  for (const { path } of oldest) rmSync(path, { force: true });
}

function checksum(key: string, json: string): string {
  return `${hash47(`${key}\n${json}`)}.${json.length}`;
}
