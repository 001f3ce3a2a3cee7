import { render } from 'ink';
import type { ReactNode } from 'react';
import type { OpenTerminal } from './terminal.ts';
import { ThemeContext, type ThemeName, themeFor } from './theme.ts';

/**
 * Draws until the app exits, and resolves with what it exited with. Whatever
 * crashes meanwhile, in drawing, in a key or anywhere else in the process,
 * first gives the terminal back and then rejects: printed any earlier, the
 * error would vanish together with the alternate screen. The same goes for
 * `standsOn`: what the app cannot do without, should it reject.
 */
export async function runInk(
  node: ReactNode,
  terminal: OpenTerminal,
  { theme = 'default', standsOn }: { readonly theme?: ThemeName; readonly standsOn?: Promise<unknown> } = {},
): Promise<unknown> {
  const instance = render(
    <ThemeContext.Provider value={themeFor(theme, process.env)}>{node}</ThemeContext.Provider>,
    terminal.renderOptions,
  );
  let crashed: { readonly error: unknown } | null = null;
  // Ink takes no error with it: without this, a crash would look like leaving.
  const crash = (error: unknown) => {
    crashed ??= { error };
    instance.unmount();
  };
  standsOn?.catch(crash);
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  try {
    const result = await instance.waitUntilExit();
    if (crashed !== null) throw (crashed as { readonly error: unknown }).error;
    return result;
  } finally {
    process.off('uncaughtException', crash);
    process.off('unhandledRejection', crash);
    terminal.close();
  }
}
