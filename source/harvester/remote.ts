import type { MessagePort, Worker } from 'node:worker_threads';
import type { ErrorSummary } from '../domain/failure.ts';
import { UserError } from '../errors.ts';
import { harvesterByPath, operationsOf } from './by-path.ts';
import type { Harvester, Watch } from './harvester.ts';
import { isWatched } from './operations.ts';

/**
 * The application behind a thread boundary: `serveHarvester` in the worker,
 * `connectHarvester` where the screen is. Calls are numbered messages;
 * a watch travels as progress messages one way and one abort the other.
 */
type Request =
  | { readonly type: 'call'; readonly call: number; readonly path: string; readonly args: readonly unknown[] }
  | { readonly type: 'abort'; readonly call: number };

type Reply =
  | { readonly type: 'result'; readonly call: number; readonly value: unknown }
  | { readonly type: 'progress'; readonly call: number; readonly value: unknown }
  | { readonly type: 'error'; readonly call: number; readonly error: RemoteError };

interface RemoteError extends ErrorSummary {
  readonly exitCode: UserError['exitCode'] | null;
  readonly details: object | null;
  readonly stack: string | undefined;
}

/**
 * Answers calls that arrive on `port` until `close` has been called. When
 * `opening` rejects, so does every call, with the same error.
 */
export function serveHarvester(opening: Promise<Harvester>, port: MessagePort): void {
  const opened = opening.then(operationsOf);
  // Told to whoever calls; without a call there is nobody to tell.
  opened.catch(() => undefined);
  const running = new Map<number, AbortController>();

  const answer = async (call: number, path: string, args: readonly unknown[]): Promise<void> => {
    const controller = new AbortController();
    running.set(call, controller);
    const post = (reply: Reply) => port.postMessage(reply);
    try {
      const operation = (await opened).get(path);
      if (operation === undefined) throw new Error(`no operation ${path}`);
      const watch: Watch<unknown> = {
        signal: controller.signal,
        onProgress: (value) => post({ type: 'progress', call, value }),
      };
      const value = await operation(...([...args, ...(isWatched(path) ? [watch] : [])] as never[]));
      post({ type: 'result', call, value });
    } catch (error) {
      post({ type: 'error', call, error: packError(error) });
    } finally {
      running.delete(call);
    }
    if (path === 'close') port.close();
  };

  port.on('message', (request: Request) => {
    if (request.type === 'abort') running.get(request.call)?.abort(new Error('cancelled'));
    else void answer(request.call, request.path, request.args);
  });
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  readonly onProgress: ((value: never) => void) | undefined;
}

/**
 * A Harvester whose work happens at the other end of `port`. When that end
 * dies, every call that waits and every later one rejects with what `onDeath`
 * was told.
 */
export function connectHarvester(port: MessagePort | Worker): {
  readonly harvester: Harvester;
  readonly onDeath: (error: unknown) => void;
} {
  const waiting = new Map<number, Pending>();
  let calls = 0;
  let death: { readonly error: unknown } | null = null;

  port.on('message', (reply: Reply) => {
    const pending = waiting.get(reply.call);
    if (pending === undefined) return;
    if (reply.type === 'progress') {
      pending.onProgress?.(reply.value as never);
      return;
    }
    waiting.delete(reply.call);
    if (reply.type === 'result') pending.resolve(reply.value);
    else pending.reject(unpackError(reply.error));
  });

  const send = <Result>(path: string, args: readonly unknown[], watch?: Watch<never>): Promise<Result> =>
    new Promise<Result>((resolve, reject) => {
      if (death !== null) return reject(death.error);
      calls += 1;
      const call = calls;
      const { signal } = watch ?? {};
      const abort = () => port.postMessage({ type: 'abort', call } satisfies Request);
      const settle = () => signal?.removeEventListener('abort', abort);
      waiting.set(call, {
        resolve: (value) => {
          settle();
          resolve(value as Result);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
        onProgress: watch?.onProgress,
      });
      port.postMessage({ type: 'call', call, path, args } satisfies Request);
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });

  const harvester = remoteHarvester(send);
  const onDeath = (error: unknown) => {
    death ??= { error };
    for (const pending of waiting.values()) pending.reject(error);
    waiting.clear();
  };
  return { harvester, onDeath };
}

type Send = (path: string, args: readonly unknown[], watch?: Watch<never>) => Promise<unknown>;

/** The methods of the list of operations, each of which sends its name and arguments. */
function remoteHarvester(send: Send): Harvester {
  return harvesterByPath(async (path, args) => {
    // A watch is the last argument, or absent; nothing else that is sent has these two members.
    const last = isWatched(path) ? args.at(-1) : undefined;
    return isWatch(last) ? send(path, args.slice(0, -1), last) : send(path, args);
  });
}

function isWatch(value: unknown): value is Watch<never> {
  return (
    typeof value === 'object' &&
    value !== null &&
    (('signal' in value && value.signal instanceof AbortSignal) ||
      ('onProgress' in value && typeof value.onProgress === 'function'))
  );
}

function packError(error: unknown): RemoteError {
  if (error instanceof UserError) {
    const { code, message, fix, exitCode, details, stack } = error;
    return { code, message, fix, exitCode, details, stack };
  }
  const thrown = error instanceof Error ? error : new Error(String(error));
  const { name: code, message, stack } = thrown;
  return { code, message, fix: null, exitCode: null, details: null, stack };
}

function unpackError({ code, message, fix, exitCode, details, stack }: RemoteError): Error {
  if (exitCode !== null && fix !== null) {
    return new UserError(code, message, { fix, exitCode, ...(details && { details }) });
  }
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
