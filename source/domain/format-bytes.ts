/** `812 bytes`, `4.2 MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const units = ['KiB', 'MiB', 'GiB'];
  let power = 1;
  // What would be rounded to 1024.0 of a unit is 1.0 of the next.
  while (power < units.length && bytes / 1024 ** power >= 1023.95) power += 1;
  return `${(bytes / 1024 ** power).toFixed(1)} ${units[power - 1]}`;
}
