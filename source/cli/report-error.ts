import { cleanText } from '../domain/clean.ts';
import { type ExitCode, exitCodes, UserError } from '../errors.ts';

/**
 * Says on stderr what went wrong and returns how the process shall end. What
 * the person can mend comes with its fix, and as JSON for scripts; anything
 * else is a bug and shows its stack.
 */
export function reportError(
  error: unknown,
  { stderr, json }: { stderr: NodeJS.WritableStream; json: boolean },
): ExitCode {
  const known = error instanceof UserError ? error : null;
  if (json) {
    const extra = known !== null && 'mistakes' in known ? { mistakes: known.mistakes } : {};
    const details = known === null || known.details === null ? {} : { details: known.details };
    const face =
      known === null
        ? { code: 'bug', message: String(error), fix: null }
        : { code: known.code, message: known.message, fix: known.fix, ...extra, ...details };
    stderr.write(`${JSON.stringify({ error: face })}\n`);
    return known?.exitCode ?? exitCodes.bug;
  }
  if (known !== null) {
    stderr.write(`error: ${cleanLines(known.message)}\nfix: ${cleanLines(known.fix)}\n`);
    return known.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  stderr.write(`${stack}\nThis is a bug in signal-harvester; please report it with the lines above.\n`);
  return exitCodes.bug;
}

/** Indentation stays, for lists of mistakes; whatever a terminal would obey goes. */
function cleanLines(text: string): string {
  return text
    .split('\n')
    .map((line) => `${/^ */.exec(line)?.[0] ?? ''}${cleanText(line)}`)
    .join('\n');
}
