import { stringify } from 'yaml';
import type { LoadedConfig } from './load.ts';
import { isRecord } from './schema-tree.ts';
import { looksLikeSecretKey, secretVariables } from './secrets.ts';

/** The effective configuration as it may be shown: no secret is in it. */
export interface ShownConfig {
  readonly path: string | null;
  readonly profile: string | null;
  readonly config: unknown;
  /** Every variable that can hold a secret, and whether it does. */
  readonly secrets: Readonly<Record<string, 'set' | 'not set'>>;
}

export function maskConfig({ config, path, profile, secrets }: LoadedConfig): ShownConfig {
  const states = secretVariables.map((name) => [name, secrets[name] ? 'set' : 'not set'] as const);
  return { path, profile, config: mask(config), secrets: Object.fromEntries(states) };
}

/** The effective configuration as YAML that could be used as a file, with its origin in comments. */
export function showConfig(loaded: LoadedConfig): string {
  const shown = maskConfig(loaded);
  const origin = [
    `file: ${shown.path ?? 'none (defaults and environment variables)'}`,
    `profile: ${shown.profile ?? 'none'}`,
    ...Object.entries(shown.secrets).map(([name, state]) => `${name}: ${state}`),
  ];
  const comments = origin.map((line) => `# ${line}\n`).join('');
  return `${comments}\n${stringify(shown.config, { lineWidth: 0 })}`;
}

/** Addresses may carry passwords and tokens (private feeds do); those parts become `***`. */
function mask(value: unknown): unknown {
  if (typeof value === 'string') return maskAddress(value);
  if (Array.isArray(value)) return value.map(mask);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mask(inner)]));
}

function maskAddress(text: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return text;
  const url = new URL(text);
  const secret = [...url.searchParams.keys()].filter(looksLikeSecretKey);
  if (url.username === '' && url.password === '' && secret.length === 0) return text;
  if (url.username !== '') url.username = '***';
  if (url.password !== '') url.password = '***';
  for (const key of secret) url.searchParams.set(key, '***');
  return url.href;
}
