import type { Place } from '../../domain/key-places.ts';
import { fuzzyScore } from '../text/fuzzy.ts';
import { Observed } from './observed.ts';
import { emptyPrompt, type Prompt, textOfPrompt } from './prompt.ts';

/** Something that can be done here, by its name. */
export interface PaletteEntry {
  /** What is searched and shown first: the name of the action. */
  readonly name: string;
  readonly help: string;
  /** The keys, as a person reads them. */
  readonly keys: string;
  /** The heading under which it stands while nothing is typed. */
  readonly section: string;
  run(): void;
}

export interface PaletteState {
  /** The place whose actions these are; null when it is closed. */
  readonly place: Place | null;
  /** `help` shows the sections and what the program is, `command` a plain list. */
  readonly mode: 'help' | 'command';
  readonly prompt: Prompt;
  readonly entries: readonly PaletteEntry[];
  /** Those that match what was typed, best first. */
  readonly shown: readonly PaletteEntry[];
  readonly index: number;
}

/** Everything that can be done at a place: to be looked up, and to be done. */
export class Palette extends Observed<PaletteState> {
  constructor() {
    super({ place: null, mode: 'command', prompt: emptyPrompt, entries: [], shown: [], index: 0 });
  }

  open(place: Place, mode: PaletteState['mode'], entries: readonly PaletteEntry[]): void {
    this.set({ place, mode, entries, shown: entries, prompt: emptyPrompt, index: 0 });
  }

  edit(change: (prompt: Prompt) => Prompt): void {
    const prompt = change(this.read().prompt);
    this.set({ prompt, shown: matching(this.read().entries, textOfPrompt(prompt)), index: 0 });
  }

  move(step: number): void {
    const { index, shown } = this.read();
    this.set({ index: Math.min(Math.max(0, shown.length - 1), Math.max(0, index + step)) });
  }

  submit(): void {
    const { shown, index } = this.read();
    const entry = shown[index];
    if (entry === undefined) return;
    this.close();
    entry.run();
  }

  close(): void {
    this.set({ place: null, prompt: emptyPrompt, entries: [], shown: [], index: 0 });
  }
}

function matching(entries: readonly PaletteEntry[], text: string): readonly PaletteEntry[] {
  if (text === '') return entries;
  const scored = entries.flatMap((entry) => {
    const score = scoreOf(entry, text);
    return score === null ? [] : [{ entry, score }];
  });
  const best = Math.max(...scored.map(({ score }) => score));
  // Letters strewn over a sentence match nearly anything.
  return scored
    .filter(({ score }) => score >= best * 0.4)
    .sort((a, b) => b.score - a.score)
    .map(({ entry }) => entry);
}

function scoreOf({ name, help, keys }: PaletteEntry, text: string): number | null {
  if (keys.split('  ').includes(text)) return 1000;
  const byName = fuzzyScore(text, name);
  const byHelp = fuzzyScore(text, help);
  if (byName === null) return byHelp;
  return Math.max(byName + 10, byHelp ?? 0);
}
