/** Milliseconds UTC of the next midnight of Los Angeles, which is at 7 or 8 o'clock UTC. */
export function nextPacificMidnight(now: number): number {
  const hourThere = (at: number) =>
    Number(
      new Intl.DateTimeFormat('en-US', {
        timeZone: 'America/Los_Angeles',
        hour: '2-digit',
        hourCycle: 'h23',
      }).format(at),
    );
  const day = 86_400_000;
  const today = Math.floor(now / day) * day;
  const candidates = [today, today + day].flatMap((start) => [7, 8].map((hour) => start + hour * 3_600_000));
  return candidates.find((at) => at > now && hourThere(at) === 0) ?? today + day + 8 * 3_600_000;
}
