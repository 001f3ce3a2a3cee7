import { cleanLine } from '../domain/clean.ts';
import { UserError } from '../errors.ts';

/** One thing that is wrong with a configuration, and where. */
export interface Mistake {
  /** The file, as a person would type it; null when the environment is at fault. */
  readonly file: string | null;
  /** The environment variable; null when the file is at fault. */
  readonly variable: string | null;
  /** Both from 1; null without a file. */
  readonly line: number | null;
  readonly column: number | null;
  /** `http.timeoutMs`; empty for the file as a whole. */
  readonly path: string;
  /** What stands there, in words. */
  readonly found: string;
  /** What may stand there, in words. */
  readonly expected: string;
  /** The valid word that was most likely meant. */
  readonly nearest: string | null;
  /** All of the above in one sentence, without the place. */
  readonly message: string;
}

/** The same without control characters: keys and values of a file may hold any, and reach screens and logs. */
export function cleanMistake(mistake: Mistake): Mistake {
  const { path, found, expected, message } = mistake;
  return {
    ...mistake,
    path: cleanLine(path),
    found: cleanLine(found),
    expected: cleanLine(expected),
    message: cleanLine(message),
  };
}

/** Every mistake of one configuration, at once. */
export class InvalidConfig extends UserError {
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    const count = mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`;
    const lines = mistakes.map((mistake) => `\n  ${describePlace(mistake)}: ${mistake.message}`);
    super('invalid-config', `The configuration has ${count}${lines.join('')}`, {
      fix: 'Correct what is listed, then see that "signal-harvester config check" finds nothing more.',
    });
    this.name = 'InvalidConfig';
    this.mistakes = mistakes;
  }
}

/** `config.yaml:3:5`, as editors and terminals open it, or the variable. */
export function describePlace(mistake: Mistake): string {
  if (mistake.variable !== null) return `environment variable ${mistake.variable}`;
  if (mistake.line === null) return mistake.file ?? 'configuration';
  return `${mistake.file}:${mistake.line}:${mistake.column}`;
}
