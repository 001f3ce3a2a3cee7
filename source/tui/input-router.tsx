import { useApp, useInput, usePaste } from 'ink';
import { keysOf } from './keys.ts';
import { type KeyTarget, pressKey } from './model/key-target.ts';

/**
 * The only place that listens to the keyboard. Pasted text takes its own way:
 * without it, a pasted "dd" would dismiss two signals.
 */
export function InputRouter({ target }: { readonly target: KeyTarget }) {
  const { exit } = useApp();
  const guarded = (work: () => void) => {
    try {
      work();
    } catch (error) {
      // React does not see what a key handler throws; the app ends here as it does when drawing fails.
      exit(error instanceof Error ? error : new Error(String(error)));
    }
  };
  useInput((input, key) =>
    guarded(() => {
      for (const name of keysOf(input, key)) pressKey(target, name);
    }),
  );
  usePaste((text) => guarded(() => target.paste(text)));
  return null;
}
