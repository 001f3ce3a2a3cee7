import type { Flags } from './command.ts';

/** A line in its parts. What a value means is judged elsewhere. */
export interface ReadArguments {
  /** Words that are no flags, the command among them. */
  readonly input: readonly string[];
  /** By key ("minSalience"), those that nobody knows too: `true`, `false` (`--no-…`) or what was typed. */
  readonly given: Readonly<Record<string, boolean | readonly string[]>>;
}

const negativeNumber = /^-(?:\d|\.\d)[\d.]*$/;

/**
 * Reads a line with the flags that it may have. A value stands behind its flag
 * or behind `=`; what begins with a dash and is no number is a flag of its
 * own, never a value. Letters behind one dash are flags each; behind `--`
 * everything is a word.
 *
 * Own code because what is at hand was measured at half of the time in which a
 * small command has to be done (a library), or takes the next flag for a value
 * (`util.parseArgs`).
 */
export function readArguments(argv: readonly string[], flags: Flags): ReadArguments {
  const input: string[] = [];
  const given: Record<string, boolean | string[]> = Object.create(null);
  const letters = new Map(Object.entries(flags).map(([key, { short }]) => [short, key]));

  /** Whether the word behind it was its value. */
  const take = (key: string, value: string | undefined, next: string | undefined): boolean => {
    const spec = Object.hasOwn(flags, key) ? flags[key] : undefined;
    if (spec === undefined || spec.type === 'boolean') {
      given[key] = value !== 'false';
      return false;
    }
    const known = given[key];
    const values = Array.isArray(known) ? known : [];
    given[key] = values;
    if (value !== undefined) values.push(value);
    else if (next !== undefined && isValue(next)) values.push(next);
    return value === undefined && next !== undefined && isValue(next);
  };

  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    const next = argv[index + 1];
    if (word === '--') {
      input.push(...argv.slice(index + 1));
      break;
    }
    const [, dashes, name = '', value] = /^(--?)([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (dashes === undefined || negativeNumber.test(word)) input.push(word);
    else if (dashes === '--' && name.startsWith('no-')) given[keyOf(name.slice(3))] = false;
    else if (dashes === '--') index += take(keyOf(name), value, next) ? 1 : 0;
    else {
      for (const [place, letter] of [...name].entries()) {
        const last = place === name.length - 1;
        const used = take(letters.get(letter) ?? letter, last ? value : undefined, last ? next : undefined);
        index += used ? 1 : 0;
      }
    }
  }
  return { input, given };
}

/** `--min-salience` is `minSalience`. */
function keyOf(name: string): string {
  return name.replace(/-([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());
}

function isValue(word: string): boolean {
  return !word.startsWith('-') || word === '-' || negativeNumber.test(word);
}
