import type { UsageMeter } from '../harvester/usage-meter.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from './metrics.ts';

export interface AnsweredRequest {
  readonly requestId: string;
  readonly method: string;
  /** The pattern, not the address: what somebody searches for is nobody's business in a log. `none` without one. */
  readonly route: string;
  /** `clientLeft` where the connection was closed before the answer ended, as a follower of events always closes it. */
  readonly status: number;
  readonly ms: number;
  /** Id of the key; null without one. */
  readonly key: string | null;
  readonly actor: string | null;
  readonly address: string;
}

/** As nginx and others have it in their logs; it is never sent. */
export const clientLeft = 499;

interface Listeners {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly usage: UsageMeter;
}

/**
 * Tells log, figures and usage of requests that were answered, of all those of
 * one turn of the event loop together: amid the requests, each would find the
 * processor's caches full of something else.
 */
export class AnsweredRequests {
  readonly #metrics: Metrics;
  readonly #usage: UsageMeter;
  readonly #log: Pick<Logger, 'info'>;
  #untold: AnsweredRequest[] = [];

  constructor({ logger, metrics, usage }: Listeners) {
    this.#metrics = metrics;
    this.#usage = usage;
    // Its fields are names of the program's own: none is called a secret, and the finished line is scrubbed like any other.
    this.#log = logger.child({}, { redact: [] });
  }

  add(request: AnsweredRequest): void {
    if (this.#untold.length === 0) setImmediate(() => this.tell());
    this.#untold.push(request);
  }

  /** Of those that were not told yet. */
  tell(): void {
    const requests = this.#untold;
    this.#untold = [];
    for (const request of requests) {
      const { method, route, status, ms } = request;
      if (route !== 'none') this.#usage.count('route', `${method} ${route}`, ms);
      this.#metrics.countRequest(method, route, status, ms / 1000);
      this.#log.info({ ...request, ms: Math.round(ms * 10) / 10 }, 'request');
    }
  }
}
