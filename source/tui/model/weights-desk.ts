import type { ErrorSummary } from '../../domain/failure.ts';
import type { RunProgress } from '../../domain/run.ts';
import type { ScoreChange, ScoreSetting } from '../../domain/score-settings.ts';
import { summarizeError } from '../../errors.ts';
import type { Harvester } from '../../harvester/harvester.ts';
import type { ScoringPreview } from '../../harvester/scoring.ts';
import { cleanLine } from '../text/clean-line.ts';
import { type ListCursor, type Motion, moveTo, stepOf } from './list-cursor.ts';
import { Observed } from './observed.ts';
import { stepWeight } from './weight-step.ts';

export interface WeightsState {
  readonly open: boolean;
  /** Every weight as it is saved. */
  readonly settings: readonly ScoreSetting[];
  /** What was changed here and is not saved. */
  readonly change: ScoreChange;
  readonly cursor: ListCursor;
  /** The first line of the order on screen. */
  readonly top: number;
  /** The order that these weights give; null until it is there. */
  readonly preview: ScoringPreview | null;
  readonly error: ErrorSummary | null;
}

/** So many of the first are shown. */
export const previewLimit = 50;

const closed: WeightsState = {
  open: false,
  settings: [],
  change: {},
  cursor: { index: 0, top: 0 },
  top: 0,
  preview: null,
  error: null,
};

/** Trying other weights of the score, and following the scoring that a saved change needs. */
export class WeightsDesk extends Observed<WeightsState> {
  readonly #harvester: Pick<Harvester, 'scoring' | 'run'>;
  #rows = { weightRows: 10, orderRows: 10 };
  #asking = false;
  /** Counts openings: what was asked before belongs to nobody. */
  #visit = 0;
  #abort: AbortController | null = null;

  constructor(harvester: Pick<Harvester, 'scoring' | 'run'>) {
    super(closed);
    this.#harvester = harvester;
  }

  get setting(): ScoreSetting | null {
    const { settings, cursor } = this.read();
    return settings[cursor.index] ?? null;
  }

  /** Whether signals are being scored again. */
  get scoring(): boolean {
    return this.#abort !== null;
  }

  resize(rows: { readonly weightRows: number; readonly orderRows: number }): void {
    this.#rows = rows;
    this.#place(this.read().cursor.index);
    this.#scroll(0);
  }

  async open(): Promise<void> {
    this.#visit += 1;
    const mine = this.#visit;
    this.set({ ...closed, open: true });
    try {
      const settings = await this.#harvester.scoring.settings();
      if (mine !== this.#visit) return;
      this.set({ settings });
      await this.#look(true);
    } catch (error) {
      if (mine === this.#visit) this.set({ error: summarizeError(error) });
    }
  }

  close(): void {
    this.#visit += 1;
    this.set(closed);
  }

  /** Single steps go over the weights, pages over the order. */
  move(motion: Motion): void {
    if (motion.includes('page')) this.#scroll(stepOf(motion, this.#rows.orderRows));
    else this.#place(this.read().cursor.index + stepOf(motion, this.#rows.weightRows));
  }

  /** One step up or down. */
  step(direction: 1 | -1): void {
    const { setting } = this;
    if (setting === null) return;
    const { change } = this.read();
    this.put(stepWeight(setting, change[setting.name] ?? setting.value, direction));
  }

  /** The weight as it is saved. */
  reset(): void {
    const { setting } = this;
    if (setting !== null) this.put(setting.value);
  }

  /** Gives the weight under the cursor a value within its range. */
  put(value: number): void {
    const { setting } = this;
    if (setting === null) return;
    const { [setting.name]: _, ...others } = this.read().change;
    this.set({ change: value === setting.value ? others : { ...others, [setting.name]: value } });
    void this.#look(false);
  }

  /** Scores what is due. Resolves when it has ended, however; rejects when it could not begin. */
  async score(onProgress: (run: RunProgress) => void): Promise<RunProgress> {
    const abort = new AbortController();
    this.#abort = abort;
    try {
      return await this.#harvester.run({ stages: ['score'] }, { signal: abort.signal, onProgress });
    } finally {
      this.#abort = null;
    }
  }

  /** Asks the scoring to stop; true when there was one to ask. */
  cancel(): boolean {
    if (this.#abort === null || this.#abort.signal.aborted) return false;
    this.#abort.abort();
    return true;
  }

  /** One question at a time: keys that come faster than answers are answered together. */
  async #look(refresh: boolean): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const mine = this.#visit;
    let { change } = this.read();
    try {
      for (;;) {
        const options = { limit: previewLimit, ...(refresh && { refresh: true }) };
        const preview = await this.#harvester.scoring.preview(change, options);
        if (mine !== this.#visit) break;
        this.set({ preview, error: null });
        this.#scroll(0);
        if (change === this.read().change) break;
        change = this.read().change;
        refresh = false;
      }
    } catch (error) {
      if (mine === this.#visit) this.set({ error: summarizeError(error) });
    } finally {
      this.#asking = false;
    }
    // Opened again meanwhile: that visit found the desk busy.
    if (mine !== this.#visit && this.read().open && this.read().settings.length > 0) await this.#look(true);
  }

  #place(index: number): void {
    const { cursor: old, settings } = this.read();
    const cursor = moveTo(old, index, settings.length, this.#rows.weightRows);
    if (cursor !== old) this.set({ cursor });
  }

  #scroll(step: number): void {
    const { top: old, preview } = this.read();
    // The line that says what was looked at, and the one above those who leave.
    const lines = (preview?.top.length ?? 0) + (preview?.left.length ? preview.left.length + 1 : 0);
    const last = Math.max(0, lines - this.#rows.orderRows + 1);
    const top = Math.min(last, Math.max(0, old + step));
    if (top !== old) this.set({ top });
  }
}

/** The weight under the cursor and what leads the list, to be read aloud. */
export function weightWords({ settings, change, cursor, preview, error }: WeightsState): string {
  const setting = settings[cursor.index];
  if (error !== null) return `${error.message} ${error.fix ?? ''}`;
  if (setting === undefined) return '';
  const { name, value } = setting;
  const now = change[name] === undefined ? `${value}` : `${change[name]}, saved is ${value}`;
  const [first] = preview?.top ?? [];
  const moved = preview?.top.filter(({ place, placeBefore }) => place !== placeBefore).length ?? 0;
  const order =
    first === undefined ? '' : `. ${moved} move; first is ${cleanLine(first.title ?? first.text)}`;
  return `${cursor.index + 1} of ${settings.length}: ${name} ${now}${order}`;
}
