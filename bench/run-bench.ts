import { fork } from 'node:child_process';
import type { Figure } from './figure.ts';

export interface BenchOutcome {
  readonly figures: readonly Figure[];
  /** Why it did not come to its end; null when it did. An aim that is not met is no reason. */
  readonly ended: string | null;
}

/** Runs a bench in a process of its own, with what it prints on stderr, and collects the figures that it tells. */
export async function runBench(
  file: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<BenchOutcome> {
  const figures: Figure[] = [];
  const child = fork(file, args, { stdio: ['ignore', 2, 2, 'ipc'], timeout: timeoutMs });
  child.on('message', (message: { readonly figure: Figure }) => figures.push(message.figure));
  const [code, signal] = await new Promise<[number | null, string | null]>((done) =>
    child.once('close', (...outcome) => done(outcome)),
  );
  if (signal !== null) return { figures, ended: `was ended by ${signal}` };
  if (figures.length > 0) return { figures, ended: null };
  return { figures, ended: code === 0 ? 'told no figure' : `failed (exit ${code})` };
}
