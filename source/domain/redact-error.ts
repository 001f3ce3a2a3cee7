/** What is taken out of what an error says, beside the secrets that are known by value. */
export interface Redaction {
  /** Takes known secrets out of a text. */
  scrub(text: string): string;
}

const longestMessage = 300;
const longestLine = 300;
const mostFrames = 30;
const mostCauses = 3;

const address = /\b([a-z][a-z0-9+.-]*):\/\/[^\s"'`<>)\]]+/gi;
const email = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
/** Words that nobody would write by hand: tokens, hashes, ids of sessions. */
const longWord = /(?=[A-Za-z_+/=-]*\d)[A-Za-z0-9_+/=-]{32,}/g;
/** Shapes that services give their keys, and what stands behind the name of one. */
const keyShape =
  /\b(?:xox[abeprs]-|sk-|gh[pousr]_|shk_|AKIA|AIza)[\w-]{8,}|\b(?:bearer|basic)\s+[\w.~+/=-]{6,}/gi;
const named =
  /\b((?:api[-_]?key|token|secret|passw(?:or)?d|authorization|cookie)["']?\s*[=:]\s*)["']?[^\s"',;&]+/gi;
const filePath = /(?:\b[A-Za-z]:[\\/]|(?<![\w.:/])~?\/|\\\\)[^\s"'`:,;()<>]+(?:[\\/][^\s"'`:,;()<>]*)*/g;
const quoted = /"([^"]*)"|'([^']*)'|`([^`]*)`/g;
const identifier = /^[\w.$#@/-]{1,40}$/;

/** What an error says on one line, without paths, secrets, queries of addresses, or words of posts. */
export function redactMessage(message: string, redaction: Redaction): string {
  const line = message.split('\n', 1)[0] ?? '';
  // What is quoted is what the program was given, unless it is one name of its own.
  const unquoted = line.slice(0, 4 * longestMessage).replace(quoted, (whole, ...parts: unknown[]) => {
    const inside = String(parts.slice(0, 3).find((part) => part !== undefined) ?? '');
    const mark = whole.charAt(0);
    return identifier.test(inside) && !inside.includes('/') ? whole : `${mark}…${mark}`;
  });
  return clip(redactLine(unquoted, redaction), longestMessage);
}

function redactLine(text: string, { scrub }: Redaction): string {
  return withoutControls(
    scrub(text)
      .replace(address, (whole) => shortAddress(whole))
      .replace(named, '$1[secret]')
      .replace(keyShape, '[secret]')
      .replace(email, '[email]')
      .replace(filePath, (path) => ownPath(path) ?? '[path]')
      .replace(longWord, '[long]'),
  );
}

/** Host and path: what stands behind says who asked for what. */
function shortAddress(whole: string): string {
  if (whole.startsWith('file:')) return ownPath(whole) ?? '[path]';
  try {
    const { protocol, host, pathname } = new URL(whole);
    return `${protocol}//${host}${pathname}`;
  } catch {
    return '[address]';
  }
}

/** A path within this program or one of its packages, from there on; null for any other. */
function ownPath(path: string): string | null {
  const plain = path.replaceAll('\\', '/');
  const inside =
    /\/(node_modules\/[\w@./+-]+)$/.exec(plain) ??
    /\/((?:source|dist|migrations|bin|test)\/[\w@./+-]+)$/.exec(plain);
  return inside?.[1] ?? null;
}

/**
 * The frames of a stack, topmost first: names, files of the program and of its
 * packages from their folder on, and lines; every other path is left out.
 */
export function redactStack(error: unknown, redaction: Redaction): string {
  const lines: string[] = [];
  let thrown = error;
  for (let depth = 0; depth <= mostCauses && thrown instanceof Error; depth += 1) {
    if (depth > 0) {
      const { type, message } = { type: typeOf(thrown), message: redactMessage(thrown.message, redaction) };
      lines.push(`caused by ${type}: ${message}`);
    }
    lines.push(
      ...framesOf(thrown.stack ?? '').map((frame) => clip(redactFrame(frame, redaction), longestLine)),
    );
    thrown = thrown.cause;
  }
  return lines.slice(0, mostFrames).join('\n');
}

function framesOf(stack: string): readonly string[] {
  return stack
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, mostFrames);
}

function redactFrame(frame: string, redaction: Redaction): string {
  const parts = /^at (?:(.*) \()?(.*?)((?::\d+){0,2})\)?$/.exec(frame);
  if (parts === null) return redactLine(frame, redaction);
  const [, name, file = '', place = ''] = parts;
  const shown =
    file.startsWith('node:') || file === '<anonymous>' || file === 'native'
      ? file
      : (ownPath(file) ?? '[path]');
  return name === undefined ? `at ${shown}${place}` : `at ${redactLine(name, redaction)} (${shown}${place})`;
}

/** The name of the class, which some errors forget to give themselves. */
export function typeOf(error: Error): string {
  const name = error.name === 'Error' ? error.constructor.name : error.name;
  return clip(withoutControls(String(name || 'Error')).replace(/[^\w.$-]/g, ''), 60) || 'Error';
}

function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ');
}

function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
