import type { Clock } from '../ports/clock.ts';
import type { HttpClient } from './http.ts';

/** An HTTP client that remembers how far this machine's clock is from those of the servers. */
export interface ClockWatch {
  readonly http: HttpClient;
  /** Milliseconds that this clock is ahead (negative: behind), of the newest answer with a date; null before one. */
  clockSkewMs(): number | null;
}

export function watchClockSkew(http: HttpClient, clock: Clock): ClockWatch {
  let skewMs: number | null = null;
  return {
    http: {
      ...http,
      get: async (url, options) => {
        const answer = await http.get(url, options);
        const date = Date.parse(answer.header('date') ?? '');
        if (!Number.isNaN(date)) skewMs = clock.now() - date;
        return answer;
      },
    },
    clockSkewMs: () => skewMs,
  };
}
