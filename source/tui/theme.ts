import { createContext } from 'react';

/**
 * What a piece of text means. Colour is added on top and never the only sign:
 * every state has a glyph and a word too.
 */
export type Tone =
  | 'plain'
  | 'quiet'
  | 'strong'
  | 'heading'
  | 'title'
  | 'selected'
  | 'good'
  | 'warning'
  | 'bad'
  | 'accent'
  | 'demo';

/** Only the sixteen colours that the person chose for the terminal, so light backgrounds stay readable. */
export interface TextStyle {
  readonly color?: 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';
  readonly bold?: boolean;
  readonly dimColor?: boolean;
  readonly inverse?: boolean;
}

const styles: Readonly<Record<Tone, TextStyle>> = {
  plain: {},
  quiet: { dimColor: true },
  strong: { bold: true },
  heading: { dimColor: true, bold: true },
  title: { bold: true, color: 'cyan' },
  selected: { inverse: true },
  good: { color: 'green' },
  warning: { color: 'yellow' },
  bad: { color: 'red', bold: true },
  accent: { color: 'cyan' },
  demo: { color: 'magenta', bold: true },
};

/** Whether colours are drawn. Ink ignores NO_COLOR, so this program keeps it. */
export const ColourContext = createContext(true);

export function wantsColour(environment: NodeJS.ProcessEnv): boolean {
  return (environment.NO_COLOR ?? '') === '' && environment.TERM !== 'dumb';
}

export function styleOf(tone: Tone, colour: boolean): TextStyle {
  const style = styles[tone];
  if (colour || style.color === undefined) return style;
  const { color: _, ...rest } = style;
  return rest;
}
