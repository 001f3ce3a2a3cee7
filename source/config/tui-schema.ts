import { z } from 'zod';
import { searchText } from './notify-schema.ts';

export const themeNames = ['default', 'light', 'high-contrast', 'mono'] as const;

export const tuiSchema = z
  .strictObject({
    theme: z
      .enum(themeNames)
      .default('default')
      .describe('Look: default (dark backgrounds), light, high-contrast, mono (no colours)'),
    mouse: z
      .boolean()
      .default(false)
      .describe(
        'true: the wheel scrolls and a click selects; the terminal then selects text with Shift only',
      ),
    keepDecided: z
      .boolean()
      .default(true)
      .describe('Whether a decided signal stays in its place, marked, until the list is read again'),
    askFrom: z
      .int()
      .min(2)
      .max(10)
      .default(2)
      .describe('Signals from which a decision on several at once is asked about'),
    screenReader: z
      .boolean()
      .default(false)
      .describe('Lines that are read aloud instead of a drawn screen; --screen-reader does it once'),
    alert: z
      .enum(['off', 'bell', 'desktop'])
      .default('off')
      .describe('What rings when a harvest brings signals to look at: the bell, or the desktop (OSC 9)'),
    alertOn: searchText
      .default('status:inbox urgency:>=4')
      .describe('The search that new signals must match to ring'),
  })
  .prefault({})
  .describe('The terminal app');
