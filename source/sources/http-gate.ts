import type { HttpSettings } from '../config/schema.ts';
import type { Clock } from '../ports/clock.ts';
import { rateLimitedError } from './http-error.ts';

interface HostState {
  active: number;
  /** Earliest moment of the next request. */
  nextAt: number;
  /** Until when the host asked to be left alone; 0 when it did not. */
  blockedUntil: number;
  readonly waiting: (() => void)[];
}

type GateSettings = Pick<HttpSettings, 'perHostConcurrency' | 'perHostDelayMs' | 'maxWaitMs'>;

/** Lets requests to one host through a few at a time, and no faster than the configured spacing. */
export class HostGate {
  readonly #hosts = new Map<string, HostState>();
  readonly #settings: GateSettings;
  readonly #clock: Clock;

  constructor(settings: GateSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /**
   * Resolves with a function that gives the place back. Throws
   * `rate-limited` when the host asked for a longer wait than is allowed, and
   * the signal's reason when aborted.
   */
  async enter(host: string, signal: AbortSignal, onNotice?: (notice: string) => void): Promise<() => void> {
    const state = this.#stateOf(host);
    await this.#takePlace(state, signal);
    const leave = () => {
      const next = state.waiting.shift();
      if (next) next();
      else state.active -= 1;
    };
    try {
      for (;;) {
        const now = this.#clock.now();
        if (state.blockedUntil - now > this.#settings.maxWaitMs) {
          throw rateLimitedError(host, state.blockedUntil);
        }
        const waitMs = Math.max(state.nextAt, state.blockedUntil) - now;
        if (waitMs <= 0) break;
        if (state.blockedUntil > now) {
          onNotice?.(`waiting ${Math.ceil(waitMs / 1000)} s: ${host} asks for a pause`);
        }
        await this.#clock.sleep(waitMs, signal);
      }
      state.nextAt = this.#clock.now() + this.#settings.perHostDelayMs;
      return leave;
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Nobody calls `host` for `ms` milliseconds. */
  block(host: string, ms: number): void {
    const state = this.#stateOf(host);
    state.blockedUntil = Math.max(state.blockedUntil, this.#clock.now() + ms);
  }

  #stateOf(host: string): HostState {
    let state = this.#hosts.get(host);
    if (!state) {
      state = { active: 0, nextAt: 0, blockedUntil: 0, waiting: [] };
      this.#hosts.set(host, state);
    }
    return state;
  }

  #takePlace(state: HostState, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (state.active < this.#settings.perHostConcurrency) {
      state.active += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const admit = () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      const onAbort = () => {
        state.waiting.splice(state.waiting.indexOf(admit), 1);
        reject(signal.reason);
      };
      state.waiting.push(admit);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
