import type { SnapshotProgress } from '../domain/snapshot.ts';
import type { Output } from './command.ts';
import { visible } from './print.ts';
import { cutToWidth } from './table.ts';

const redrawMs = 100;
const clearLine = '\r\u001b[2K';

/**
 * Tells how a long operation goes: on a terminal one line on stderr that is
 * redrawn, elsewhere nothing. Rejects with whatever `act` rejects with.
 */
export async function narrating<Result>(
  output: Output,
  act: (onProgress: (progress: SnapshotProgress) => void) => Promise<Result>,
): Promise<Result> {
  let drawnAt = 0;
  const onProgress = ({ step, done, total }: SnapshotProgress) => {
    if (!output.isErrorTerminal || Date.now() - drawnAt < redrawMs) return;
    drawnAt = Date.now();
    const share = total === null || total === 0 ? '' : ` ${Math.floor((100 * done) / total)}%`;
    output.stderr.write(`${clearLine}${cutToWidth(`${visible(step)}${share}`, output.columns - 1)}`);
  };
  try {
    return await act(onProgress);
  } finally {
    if (drawnAt > 0) output.stderr.write(clearLine);
  }
}
