import { setTimeout as sleep } from 'node:timers/promises';
import type { SuspendTerminal } from 'ink';

/** A process that is still running after this has not been stopped. */
const notStoppedMs = 200;

/**
 * What ctrl-z does in every other program: gives the terminal back to the
 * shell and stops; `fg` continues here and the screen is drawn again. In raw
 * mode the terminal no longer does it by itself.
 */
export async function suspendToShell(suspendTerminal: SuspendTerminal): Promise<void> {
  // Windows has no job control.
  if (process.platform === 'win32') return;
  await suspendTerminal(async () => {
    let onContinue = () => {};
    const continued = new Promise<void>((resolve) => {
      onContinue = resolve;
    });
    process.once('SIGCONT', onContinue);
    // The whole foreground group: with npm or a shell script around it, they stop as well.
    process.kill(0, 'SIGTSTP');
    // Without a shell that could continue it (a container, a pane of its own) the system does not stop
    // it, and nothing would ever come: then the screen is simply drawn again.
    await Promise.race([continued, sleep(notStoppedMs)]);
    process.off('SIGCONT', onContinue);
  });
}
