import { Text } from 'ink';
import { useContext, useSyncExternalStore } from 'react';
import { styleOf, ThemeContext, type Tone } from '../theme.ts';

/** Frames of a second: enough to look alive, few enough to cost nothing over SSH. */
const frameMs = 160;
const frames = ['⠋', '⠙', '⠸', '⠴', '⠦', '⠇'] as const;

let frame = 0;
let timer: NodeJS.Timeout | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    frame = (frame + 1) % frames.length;
    for (const each of listeners) each();
  }, frameMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/**
 * A spinner for rows of a table. All of them turn at the same beat: with a
 * timer each, eight sources would draw the whole screen sixty times a second.
 */
export function Beat({ tone }: { readonly tone: Tone }) {
  const theme = useContext(ThemeContext);
  const now = useSyncExternalStore(subscribe, () => frame);
  return <Text {...styleOf(tone, theme)}>{`${frames[now] ?? ''} `}</Text>;
}
