import { useEffect, useState } from 'react';

/** The time, renewed every `everyMs`. Ages and the clock need no more than a few looks a minute. */
export function useNow(now: () => number, everyMs = 10_000): number {
  const [time, setTime] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setTime(now()), everyMs);
    return () => clearInterval(timer);
  }, [now, everyMs]);
  return time;
}
