import { expect, test } from 'vitest';
import { styleOf, type ThemeName, type Tone, themeFor } from '../../source/tui/theme.ts';

const tones: readonly Tone[] = [
  'plain',
  'quiet',
  'strong',
  'heading',
  'title',
  'selected',
  'good',
  'warning',
  'bad',
  'accent',
  'demo',
];
const themes: readonly ThemeName[] = ['default', 'light', 'high-contrast', 'mono'];

test('on light backgrounds nothing is drawn that vanishes there', () => {
  for (const tone of tones) {
    const { color, dimColor } = styleOf(tone, 'light');
    expect([tone, color === 'yellow' || color === 'cyan' || dimColor === true]).toEqual([tone, false]);
  }
});

test('high contrast dims nothing, mono has no colour', () => {
  for (const tone of tones) {
    expect(styleOf(tone, 'high-contrast').dimColor).toBeUndefined();
    expect(styleOf(tone, 'mono').color).toBeUndefined();
  }
});

test.each(themes)('the selected row is told apart without colours in %s', (theme) => {
  expect(styleOf('selected', theme)).toMatchObject({ inverse: true });
});

test('NO_COLOR and a dumb terminal win over the choice', () => {
  expect(themeFor('light', {})).toBe('light');
  expect(themeFor('light', { NO_COLOR: '1' })).toBe('mono');
  expect(themeFor('default', { TERM: 'dumb' })).toBe('mono');
});
