import { type TerminalFacts, terminalFacts } from '../../domain/feedback.ts';
import type { KeyName } from '../../domain/key-binding.ts';
import type { Action } from '../../domain/key-bindings.ts';
import { type Place, places } from '../../domain/key-places.ts';
import type { RunProgress } from '../../domain/run.ts';
import { categoryIds } from '../../domain/taxonomy.ts';
import type { Harvester } from '../../harvester/harvester.ts';
import { UsageMeter } from '../../harvester/usage-meter.ts';
import { defaultKeyMap, type KeyMap, type KeyState } from '../key-map.ts';
import {
  bodyRows,
  harvestLayout,
  retentionLayout,
  type Size,
  signalsLayout,
  weightsLayout,
} from '../layout.ts';
import type { ScreenId } from '../places.ts';
import { describeRun } from '../text/describe-run.ts';
import { appActions } from './app-actions.ts';
import { type AlertSettings, ArrivalAlert } from './arrival-alert.ts';
import { DashboardDesk } from './dashboard-desk.ts';
import { FeedbackDesk } from './feedback-desk.ts';
import { HarvestDesk } from './harvest-desk.ts';
import { IdleLearning } from './idle-learning.ts';
import { JobDesk } from './job-desk.ts';
import { type KeyTarget, pressKey } from './key-target.ts';
import { Logs } from './logs.ts';
import { Marks } from './marks.ts';
import { MenuDesk } from './menu-desk.ts';
import type { Message, Say } from './messages.ts';
import { Observed } from './observed.ts';
import { Palette } from './palette.ts';
import { insert } from './prompt.ts';
import { PromptDesk } from './prompt-desk.ts';
import { ScreenTime } from './screen-time.ts';
import { SearchDesk } from './search-desk.ts';
import { SignalDetailReader } from './signal-detail.ts';
import { SignalList } from './signal-list.ts';
import { SnapshotDesk } from './snapshot-desk.ts';
import { SplitDesk } from './split-desk.ts';
import { TriageDesk } from './triage-desk.ts';
import { askWeight } from './weights-actions.ts';
import { WeightsDesk } from './weights-desk.ts';

/** What the terminal can be asked for; given by the component that Ink runs. */
export interface TerminalControl {
  exit(reason: ExitReason): void;
  suspend(): void;
}

export type ExitReason = 'quit' | 'interrupted';

/** A question that takes y or n; the safe answer is no. */
export interface Question {
  readonly text: string;
  /** What a yes comes to, in sentences, where there is room for them. */
  readonly details?: readonly string[];
  yes(): void;
}

export interface AppState {
  readonly size: Size;
  readonly screen: ScreenId;
  /** The whole screen shows one signal. */
  readonly detailOpen: boolean;
  readonly detailTop: number;
  readonly question: Question | null;
  readonly message: Message | null;
  /** The frame is there before the store is. */
  readonly storeOpen: boolean;
}

/** What the person has set about the screen. */
export interface ScreenSettings extends Partial<AlertSettings> {
  /** Decisions on at least this many signals are asked about. */
  readonly askFrom: number;
  /** Whether decided rows stay in their place until the list is read again. */
  readonly keepDecided: boolean;
}

export interface AppSettings {
  /** Whether the store is open already; it is when absent. */
  readonly storeOpen?: boolean;
  readonly harvester: Harvester;
  readonly now: () => number;
  /** Opens an address in the browser; an answer is why it could not. */
  readonly openLink: (url: string) => Promise<string | null>;
  /** Hands a text to the clipboard; resolves with where it went, in words. */
  readonly copyText: (text: string) => Promise<string>;
  readonly size: Size;
  /** Of the program. */
  readonly version?: string;
  /** What the terminal calls itself. */
  readonly term?: string | undefined;
  readonly keyMap?: KeyMap;
  /** Ids of the taxonomy. */
  readonly categories?: readonly string[];
  readonly screen?: ScreenSettings;
  /** Tells the terminal something past what is drawn. */
  readonly ring?: (sequence: string) => void;
  /** Remembers which screen was gone to, for errors that come later. */
  readonly crumb?: (screen: ScreenId) => void;
}

/** The state of the whole program and what its keys do. React only draws it. */
export class App extends Observed<AppState> implements KeyTarget {
  readonly harvester: Harvester;
  readonly harvest: HarvestDesk;
  readonly marks = new Marks();
  readonly list: SignalList;
  readonly detail: SignalDetailReader;
  readonly triage: TriageDesk;
  readonly prompt = new PromptDesk();
  readonly menu = new MenuDesk();
  readonly palette = new Palette();
  readonly split = new SplitDesk();
  readonly feedback = new FeedbackDesk();
  readonly weights: WeightsDesk;
  readonly search: SearchDesk;
  readonly learning: IdleLearning;
  readonly snapshots: SnapshotDesk;
  readonly dashboard: DashboardDesk;
  readonly logs: Logs;
  readonly jobs = new JobDesk();
  /** What is used is counted in memory: no key waits for it. */
  readonly usage: UsageMeter;
  readonly #screenTime: ScreenTime;
  readonly keyMap: KeyMap;
  readonly categories: readonly string[];
  readonly now: () => number;
  readonly openLink: AppSettings['openLink'];
  readonly copyText: AppSettings['copyText'];
  /** Of the program. */
  readonly version: string;
  readonly #term: string | undefined;
  terminal: TerminalControl = { exit() {}, suspend() {} };
  /** How far what is open can be scrolled; set by what draws it. */
  readonly scrollLimit = { detail: 0, diff: 0, diagnostics: 0 };
  /** Names that signals were assigned to in this session, newest first. */
  readonly names: string[] = [];
  interruptedAt = Number.NEGATIVE_INFINITY;
  #held: KeyName[] | null = null;
  readonly #crumb: (screen: ScreenId) => void;

  constructor(settings: AppSettings) {
    const { harvester, now, openLink, copyText, size, keyMap = defaultKeyMap, screen } = settings;
    super({
      size,
      screen: 'harvest',
      detailOpen: false,
      detailTop: 0,
      question: null,
      message: null,
      storeOpen: settings.storeOpen ?? true,
    });
    this.harvester = harvester;
    this.keyMap = keyMap;
    this.categories = settings.categories ?? categoryIds;
    this.now = now;
    this.usage = new UsageMeter((counts) => harvester.usage.record(counts), now);
    this.#screenTime = new ScreenTime(this.usage, now);
    this.#screenTime.enter('harvest');
    this.openLink = openLink;
    this.copyText = copyText;
    this.version = settings.version ?? 'unknown';
    this.#term = settings.term;
    this.list = new SignalList(harvester, this.marks);
    this.detail = new SignalDetailReader(harvester);
    this.search = new SearchDesk(harvester, this.list);
    this.learning = new IdleLearning(harvester);
    this.weights = new WeightsDesk(harvester);
    this.snapshots = new SnapshotDesk(harvester);
    this.dashboard = new DashboardDesk(harvester, now);
    this.logs = new Logs(harvester, this.say);
    this.#crumb = settings.crumb ?? (() => {});
    this.triage = new TriageDesk({
      harvester,
      list: this.list,
      marks: this.marks,
      detail: this.detail,
      say: this.say,
      ask: (question) => this.set({ question }),
      askFrom: screen?.askFrom ?? 2,
      keepDecided: screen?.keepDecided ?? true,
      decided: () => this.learning.decided(),
    });
    const { alert = 'off', alertOn = '' } = screen ?? {};
    const arrivals = new ArrivalAlert(harvester, { alert, alertOn }, settings.ring ?? (() => {}));
    this.harvest = new HarvestDesk(harvester, {
      started: () => arrivals.begin(),
      progress: () => this.list.noteRun(),
      finished: (run) => {
        this.#sayFinished(run);
        this.dashboard.noteRun();
        void arrivals.end();
      },
    });
    this.list.subscribe(() => this.#followRow());
    this.harvest.subscribe(() => this.#resizeHarvest());
    this.snapshots.subscribe(() => this.#resizeSnapshots());
    this.resize(size);
  }

  readonly say: Say = (text, { tone = 'plain', undo = false } = {}) => {
    this.set({ message: { text, tone, undo } });
  };

  update(change: Partial<AppState>): void {
    if (change.screen !== undefined) this.#screenTime.enter(change.screen);
    if (change.screen !== undefined) this.#crumb(change.screen);
    this.set(change);
    if (change.screen !== undefined) this.dashboard.show(change.screen === 'dashboard');
  }

  /** Writes down what was counted; nothing of it is lost when a person leaves. */
  async countUp(): Promise<void> {
    this.#screenTime.leave();
    await this.usage.flush();
  }

  resize(size: Size): void {
    this.set({ size });
    this.list.resize(signalsLayout(size).listRows);
    this.split.resize(bodyRows(size) - 3);
    this.weights.resize(weightsLayout(size));
    this.dashboard.resize(size);
    this.logs.resize(bodyRows(size));
    this.#resizeHarvest();
    this.#resizeSnapshots();
  }

  place(): Place {
    const { question, screen, detailOpen } = this.read();
    if (question !== null) return 'question';
    if (this.prompt.read().request !== null) return 'prompt';
    if (this.search.read().open) return 'search';
    if (this.menu.read().menu !== null) return 'menu';
    if (this.palette.read().place !== null) return 'palette';
    if (this.split.read().signalId !== null) return 'split';
    if (this.weights.read().open) return 'weights';
    if (this.feedback.read().bundle !== null) return 'diagnostics';
    return this.screenPlace(screen, detailOpen);
  }

  /** The place under every layer. */
  screenPlace(screen = this.read().screen, detailOpen = this.read().detailOpen): Place {
    if (screen === 'retention') return this.snapshots.read().diff === null ? screen : 'diff';
    if (screen === 'logs') return this.logs.place();
    return screen === 'signals' && detailOpen ? 'detail' : screen;
  }

  terminalFacts(): TerminalFacts {
    return terminalFacts(this.read().size, this.#term);
  }

  keyState(): KeyState {
    const row = this.list.row;
    const { all } = this.marks.read();
    const { job } = this.jobs.read();
    const { plan, signals } = this.snapshots.read();
    return {
      running: this.harvest.running,
      hasRow: row !== null,
      hasLink: row?.url != null,
      marked: all === null ? this.list.markedIds().length : Math.max(2, all.count.count),
      echoes: row?.echoes ?? 0,
      searching: this.list.read().search !== '',
      job: job?.title ?? null,
      exclusive: job?.exclusive ?? false,
      snapshots: plan?.decisions.length ?? 0,
      dueSignals: signals?.signals ?? null,
    };
  }

  /**
   * Does what a key asked for and what takes a moment. Keys that are pressed
   * meanwhile were meant for what it opens or marks, so they wait for it.
   */
  async holdingKeys(work: () => Promise<void>): Promise<void> {
    if (this.#held !== null) return work();
    this.#held = [];
    try {
      await work();
    } finally {
      const held = this.#held ?? [];
      this.#held = null;
      for (const key of held) pressKey(this, key);
    }
  }

  holds(key: KeyName): boolean {
    if (this.#held === null || key === 'ctrl-c') return false;
    this.#held.push(key);
    return true;
  }

  perform(action: Action): void {
    this.usage.count('action', action);
    appActions[action]?.(this);
  }

  type(text: string): void {
    const place = this.place();
    if (place === 'menu') this.menu.press(text);
    else if (place === 'prompt') this.prompt.edit((prompt) => insert(prompt, text));
    else if (place === 'search') this.search.edit((prompt) => insert(prompt, text));
    else if (place === 'palette') this.palette.edit((prompt) => insert(prompt, text));
    else if (place === 'weights') askWeight(this, text);
  }

  paste(text: string): void {
    const place = this.place();
    if (place === 'prompt' || place === 'search' || place === 'palette') this.type(text);
    else this.say('pasted text is ignored here');
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
    const layout = harvestLayout(size, this.harvest.rows, this.harvest.stageCount);
    if (layout.sourceRows !== this.harvest.height) this.harvest.resize(layout.sourceRows);
  }

  #resizeSnapshots(): void {
    const { plan, signals } = this.snapshots.read();
    const rules = signals?.rules.length ?? 0;
    const { listRows } = retentionLayout(this.read().size, plan?.decisions.length ?? 0, rules);
    if (listRows !== this.snapshots.height) this.snapshots.resize(listRows);
  }
}

/** Places whose keys an `App` carries out. */
export const appPlaces = places.filter((place) => !place.startsWith('wizard-'));
