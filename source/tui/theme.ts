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

/** Only the sixteen colours that the person chose for the terminal. */
export interface TextStyle {
  readonly color?: 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'gray';
  readonly bold?: boolean;
  readonly dimColor?: boolean;
  readonly inverse?: boolean;
  readonly underline?: boolean;
}

export type ThemeName = 'default' | 'light' | 'high-contrast' | 'mono';
type Theme = Readonly<Record<Tone, TextStyle>>;

const dark: Theme = {
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

const themes: Readonly<Record<ThemeName, Theme>> = {
  default: dark,
  // Yellow, cyan and dimmed text vanish on white.
  light: {
    ...dark,
    quiet: { color: 'gray' },
    heading: { color: 'gray', bold: true },
    title: { bold: true, color: 'blue' },
    warning: { color: 'magenta', bold: true },
    accent: { color: 'blue' },
    demo: { color: 'magenta', bold: true },
  },
  // Nothing dimmed, every tone bold or underlined, so that it can be told apart at any contrast.
  'high-contrast': {
    ...dark,
    quiet: {},
    heading: { bold: true, underline: true },
    selected: { inverse: true, bold: true },
    good: { color: 'green', bold: true },
    warning: { color: 'yellow', bold: true },
    accent: { color: 'cyan', bold: true },
  },
  mono: {
    ...dark,
    title: { bold: true },
    good: {},
    warning: { bold: true },
    bad: { bold: true },
    accent: { bold: true },
    demo: { bold: true },
  },
};

/** How tones are drawn. Ink ignores NO_COLOR, so this program keeps it. */
export const ThemeContext = createContext<ThemeName>('default');

/** The theme that was chosen; without colours where the environment wants none. */
export function themeFor(chosen: ThemeName, environment: NodeJS.ProcessEnv): ThemeName {
  return (environment.NO_COLOR ?? '') === '' && environment.TERM !== 'dumb' ? chosen : 'mono';
}

export function styleOf(tone: Tone, theme: ThemeName): TextStyle {
  return themes[theme][tone];
}
