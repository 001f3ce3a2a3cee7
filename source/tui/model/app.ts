import type { RunProgress } from '../../domain/run.ts';
import type { Harvester } from '../../harvester/harvester.ts';
import type { Action, KeyState } from '../actions.ts';
import { harvestLayout, type Size, signalsLayout } from '../layout.ts';
import { type Place, places, type ScreenId } from '../places.ts';
import { describeRun } from '../text/describe-run.ts';
import { appActions } from './app-actions.ts';
import { HarvestDesk } from './harvest-desk.ts';
import type { KeyTarget } from './key-target.ts';
import type { Message, Say } from './messages.ts';
import { Observed } from './observed.ts';
import { SignalDetailReader } from './signal-detail.ts';
import { SignalList } from './signal-list.ts';
import { TriageDesk } from './triage-desk.ts';

/** What the terminal can be asked for; given by the component that Ink runs. */
export interface TerminalControl {
  exit(reason: ExitReason): void;
  suspend(): void;
}

export type ExitReason = 'quit' | 'interrupted';

export interface AppState {
  readonly size: Size;
  readonly screen: ScreenId;
  /** The whole screen shows one signal. */
  readonly detailOpen: boolean;
  readonly detailTop: number;
  /** The place whose keys the overlay explains; null when it is closed. */
  readonly help: Place | null;
  readonly helpTop: number;
  /** A question that takes y or n. */
  readonly question: 'quit' | null;
  readonly message: Message | null;
}

export interface AppSettings {
  readonly harvester: Harvester;
  readonly now: () => number;
  /** Opens an address in the browser; an answer is why it could not. */
  readonly openLink: (url: string) => Promise<string | null>;
  readonly size: Size;
}

/** The state of the whole program and what its keys do. React only draws it. */
export class App extends Observed<AppState> implements KeyTarget {
  readonly harvest: HarvestDesk;
  readonly list: SignalList;
  readonly detail: SignalDetailReader;
  readonly triage: TriageDesk;
  readonly now: () => number;
  readonly openLink: AppSettings['openLink'];
  terminal: TerminalControl = { exit() {}, suspend() {} };
  /** Lines that the open detail and the overlay have; set by what draws them. */
  readonly scrollLimit = { detail: 0, help: 0 };
  interruptedAt = Number.NEGATIVE_INFINITY;

  constructor({ harvester, now, openLink, size }: AppSettings) {
    super({
      size,
      screen: 'harvest',
      detailOpen: false,
      detailTop: 0,
      help: null,
      helpTop: 0,
      question: null,
      message: null,
    });
    this.now = now;
    this.openLink = openLink;
    this.list = new SignalList(harvester);
    this.detail = new SignalDetailReader(harvester);
    this.triage = new TriageDesk(harvester, this.list, this.detail, this.say);
    this.harvest = new HarvestDesk(harvester, {
      progress: (run) => this.list.noteRun(run),
      finished: (run) => this.#sayFinished(run),
    });
    this.list.subscribe(() => this.#followRow());
    this.harvest.subscribe(() => this.#resizeHarvest());
    this.resize(size);
  }

  readonly say: Say = (text, { tone = 'plain', undo = false } = {}) => {
    this.set({ message: { text, tone, undo } });
  };

  update(change: Partial<AppState>): void {
    this.set(change);
  }

  resize(size: Size): void {
    this.set({ size });
    this.list.resize(signalsLayout(size).listRows);
    this.#resizeHarvest();
  }

  place(): Place {
    const { question, help, screen, detailOpen } = this.read();
    if (question !== null) return 'question';
    if (help !== null) return 'help';
    return screen === 'signals' && detailOpen ? 'detail' : screen;
  }

  keyState(): KeyState {
    const row = this.list.row;
    return {
      running: this.harvest.running,
      hasRow: row !== null,
      hasLink: row?.url != null,
    };
  }

  perform(action: Action): void {
    appActions[action]?.(this);
  }

  type(): void {}

  paste(): void {
    this.say('pasted text is ignored here');
  }

  #followRow(): void {
    const id = this.list.row?.id ?? null;
    if (id === this.detail.read().id) return;
    this.detail.show(id);
    this.set({ detailTop: 0, ...(id === null && { detailOpen: false }) });
  }

  /** On its own screen a harvest speaks for itself. */
  #sayFinished(run: RunProgress | null): void {
    if (this.read().screen === 'harvest') return;
    if (run === null) this.say('the harvest could not start; 1 shows why', { tone: 'bad' });
    else this.say(describeRun(run).text, { tone: describeRun(run).tone });
  }

  #resizeHarvest(): void {
    const { size } = this.read();
    const { phase } = this.harvest.read();
    const layout = harvestLayout(size, this.harvest.rows, phase !== 'ready');
    if (layout.sourceRows !== this.harvest.height) this.harvest.resize(layout.sourceRows);
  }
}

/** Places whose keys an `App` carries out. */
export const appPlaces = places.filter((place) => !place.startsWith('wizard-'));
