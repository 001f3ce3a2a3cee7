import { overviewHelp } from './cli/help.ts';
import { manPage } from './cli/man-page.ts';
import { programVersion } from './version.ts';

/** What the build writes down once, so that nobody waits for it: the first help page, and the manual page. */
export async function renderPages(): Promise<{ readonly help: string; readonly man: string }> {
  return { help: await overviewHelp(), man: await manPage(programVersion()) };
}
