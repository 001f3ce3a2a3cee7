import type { Harvester } from '../../harvester/harvester.ts';
import { plural } from '../text/format.ts';

/** How a person who looks elsewhere is told: not at all, by the bell, or by the desktop (OSC 9). */
export const alertWays = ['off', 'bell', 'desktop'] as const;
export type AlertWay = (typeof alertWays)[number];

export interface AlertSettings {
  readonly alert: AlertWay;
  /** The search that new signals must match. */
  readonly alertOn: string;
}

/**
 * Rings when a harvest has brought signals that match. Only how many is said:
 * words of a post have no business on a desktop that others may see.
 */
export class ArrivalAlert {
  readonly #harvester: Harvester;
  readonly #settings: AlertSettings;
  readonly #write: (text: string) => void;
  #mark: Promise<number | null> = Promise.resolve(null);

  constructor(harvester: Harvester, settings: AlertSettings, write: (text: string) => void) {
    this.#harvester = harvester;
    this.#settings = settings;
    this.#write = write;
  }

  /** Remembers where the store ends now. */
  begin(): void {
    if (this.#settings.alert === 'off') return;
    this.#mark = this.#harvester.signals.newSince(null, {}).then(
      ({ mark }) => mark,
      () => null,
    );
  }

  /** Rings for what came since `begin`; a store that cannot be asked just now rings for nothing. */
  async end(): Promise<void> {
    const { alert, alertOn } = this.#settings;
    const mark = await this.#mark;
    if (alert === 'off' || mark === null) return;
    try {
      const { count, capped } = await this.#harvester.signals.newSince(mark, { search: alertOn });
      if (count === 0) return;
      const text = `Signal Harvester: ${capped ? 'over ' : ''}${plural(count, 'new signal')} to look at`;
      this.#write(alert === 'bell' ? '\x07' : `\x1b]9;${text}\x07`);
    } catch {
      // The list itself says what is wrong with the store.
    }
  }
}
