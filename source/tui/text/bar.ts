const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of exactly `columns` columns, filled to `share` (0–1, clamped) with eighths of a column. */
export function drawBar(share: number, columns: number): { readonly filled: string; readonly rest: string } {
  const bounded = Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
  const steps = Math.round(bounded * columns * 8);
  const filled = '█'.repeat(Math.floor(steps / 8)) + (eighths[steps % 8] ?? '');
  return { filled, rest: '·'.repeat(Math.max(0, columns - Math.ceil(steps / 8))) };
}
