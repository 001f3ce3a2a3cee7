const heights = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const shades = ['░', '▒', '▓', '█'];
/** Nothing happened there. */
const none = '·';

/** One character for a count beside the largest: a bar from the bottom. */
export function sparkOf(count: number, most: number): string {
  if (count <= 0 || most <= 0) return none;
  return heights[Math.min(7, Math.ceil((count / most) * 8) - 1)] ?? none;
}

/** One character for a count beside the largest: a shade. Small counts are lifted (by the root), so that they can be seen beside large ones. */
export function shadeOf(count: number, most: number): string {
  if (count <= 0 || most <= 0) return none;
  return shades[Math.min(3, Math.ceil(Math.sqrt(count / most) * 4) - 1)] ?? none;
}

/** A line of a bar chart of `height` lines; line 0 is at the top. */
export function barOf(count: number, most: number, line: number, height: number): string {
  const eighths = most <= 0 ? 0 : Math.round((count / most) * height * 8);
  const within = eighths - (height - 1 - line) * 8;
  // What is there can be seen, however small it is beside the largest.
  if (line === height - 1 && count > 0 && within <= 0) return heights[0] ?? ' ';
  if (line === height - 1 && count <= 0) return none;
  return within <= 0 ? ' ' : (heights[Math.min(8, within) - 1] ?? ' ');
}

/** How a count has changed, in at most five columns: `▲12%`, `▼40%`, `new`, `=`. */
export function formatChange(count: number, before: number): string {
  if (count === before) return '=';
  if (before === 0) return 'new';
  const percent = Math.round((Math.abs(count - before) / before) * 100);
  const sign = count > before ? '▲' : '▼';
  if (percent === 0) return `${sign}<1%`;
  if (percent < 1000) return `${sign}${percent}%`;
  const times = Math.round(count / before);
  return times < 1000 ? `▲×${times}` : '▲×1k';
}
