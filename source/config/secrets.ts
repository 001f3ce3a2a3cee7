import { nearestTo } from '../domain/nearest-word.ts';
import { formatPath, type Path } from './schema-tree.ts';

/**
 * The environment variables that may hold a secret. Nothing else of the
 * environment is handed to sources and analyzers.
 */
export const secretVariables = [
  'OPENAI_API_KEY',
  'ANTHROPIC_API_KEY',
  'X_BEARER_TOKEN',
  'REDDIT_CLIENT_ID',
  'REDDIT_CLIENT_SECRET',
  'BLUESKY_APP_PASSWORD',
  'MASTODON_TOKEN',
  'GITHUB_TOKEN',
  'STACKEXCHANGE_KEY',
  'YOUTUBE_API_KEY',
  'SLACK_BOT_TOKEN',
  'SLACK_WEBHOOK_URL',
  'WEBHOOK_SECRET',
  'SMTP_PASSWORD',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'SENTRY_DSN',
] as const;

export type Secrets = Readonly<Record<string, string | undefined>>;

/** The secrets that are set, by variable. An empty variable counts as not set. */
export function pickSecrets(env: NodeJS.ProcessEnv): Secrets {
  return Object.fromEntries(secretVariables.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

const secretKey =
  /(token|secret|passw(or)?d|credential|api_?-?key|access_?-?key|private_?-?key|webhook|bearer|^key$|^auth)/i;
// Shapes that the services themselves publish so that leaks can be recognized.
const secretValue =
  /^(xox[abeprs]-|sk-[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{16,}|AAAAAAAAAAAAAAAAAAAAA)|hooks\.slack\.com\/services\/|discord(app)?\.com\/api\/webhooks\//;

export function looksLikeSecretKey(key: string): boolean {
  return secretKey.test(key);
}

export function looksLikeSecretValue(value: unknown): boolean {
  return typeof value === 'string' && secretValue.test(value);
}

/**
 * The variable that a secret found in a file belongs in, judged by the words
 * around it (`openai.apiKey`, a `token` in a source of kind `x`); null when the
 * program has none like it.
 */
export function variableForSecret(path: Path, kind: string | null, value: unknown): string | null {
  const text = typeof value === 'string' ? value : '';
  if (/hooks\.slack\.com/.test(text)) return 'SLACK_WEBHOOK_URL';
  if (/^xox/.test(text)) return 'SLACK_BOT_TOKEN';
  const words = toWords(`${kind ?? ''} ${formatPath(path)}`);
  const wantsWebhook = words.includes('webhook');
  const service = secretVariables.filter((name) => {
    const owner = name.split('_')[0]?.toLowerCase() ?? '';
    return words.includes(owner) && name.includes('WEBHOOK') === wantsWebhook;
  });
  if (service[0] !== undefined) return service[0];
  const whole = toWords(String(path.at(-1) ?? ''))
    .join('_')
    .toUpperCase();
  return nearestTo(whole, secretVariables);
}

function toWords(text: string): readonly string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll('open ai', 'openai')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** SHI-7QJ2-… in any case, with hyphens or spaces between the groups, or with nothing. */
const invitationCode = `(?<![A-Za-z0-9])(?<code>[Ss][Hh][Ii][- ]?[0-9A-Za-z]{4}[- ]?)[0-9A-Za-z]{4}(?:(?:-[0-9A-Za-z]{4}){6}|(?: [0-9A-Z]{4}){6}|[0-9A-Z]{24})(?![A-Za-z0-9])`;

/**
 * Takes the values of the secrets, and whatever has the form of an API key or
 * an invitation of this program, out of a text that leaves it: a log line, an answer.
 */
export function secretScrubber(secrets: Secrets): (text: string) => string {
  // Shorter values would cut ordinary words out of every line.
  const values = Object.values(secrets).filter((value) => value !== undefined && value.length >= 8);
  const forms = values.flatMap((value) => {
    const text = value ?? '';
    return [
      text,
      JSON.stringify(text).slice(1, -1),
      encodeURIComponent(text),
      Buffer.from(text).toString('base64'),
    ];
  });
  const escaped = [...new Set(forms)]
    .sort((a, b) => b.length - a.length)
    .map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const own = ['(?<key>shk_[a-z0-9]{8}_)[A-Za-z0-9_-]{43}', invitationCode];
  const pattern = new RegExp([...own, ...escaped].join('|'), 'g');
  return (text) =>
    text.replace(pattern, (...found) => {
      const { key, code } = found.at(-1) as { readonly key?: string; readonly code?: string };
      return `${key ?? code ?? ''}[secret]`;
    });
}
