import type { ErrorSummary } from '../../domain/failure.ts';
import type { RetentionPolicy } from '../../domain/retention.ts';
import type { SnapshotDiff, SnapshotInfo } from '../../domain/snapshot.ts';
import { summarizeError } from '../../errors.ts';
import type { Harvester } from '../../harvester/harvester.ts';
import type { SnapshotPlan } from '../../harvester/retention.ts';
import type { SignalPlan } from '../../harvester/signal-retention.ts';
import { type ListCursor, moveTo } from './list-cursor.ts';
import { Observed } from './observed.ts';
import { knobs } from './policy-knobs.ts';

/** What the rules for signals name now, and how large the store is that they are in. */
export interface SignalsDue extends SignalPlan {
  readonly storeBytes: number;
  readonly storeSignals: number;
}

/** What `u` takes back on this screen. */
export type SnapshotUndo =
  | { readonly kind: 'restore'; readonly id: string; readonly before: string }
  | { readonly kind: 'tag'; readonly id: string; readonly tags: readonly string[] };

/** What the last operation did or why it could not, in full; the message line has one line only. */
export interface SnapshotReport {
  readonly title: string;
  readonly lines: readonly string[];
  readonly tone: 'plain' | 'good' | 'warning' | 'bad';
}

export interface SnapshotDeskState {
  readonly phase: 'unread' | 'loading' | 'ready' | 'failed';
  readonly error: ErrorSummary | null;
  /** The snapshots, newest first, and what the rules would do to each; null until read. */
  readonly plan: SnapshotPlan | null;
  /** The rules as they are turned now; null until read. */
  readonly policy: RetentionPolicy | null;
  /** The rules of the configuration. */
  readonly configured: RetentionPolicy | null;
  /** Which rule the keys turn. */
  readonly knob: number;
  readonly cursor: ListCursor;
  /** Null until counted. */
  readonly signals: SignalsDue | null;
  readonly signalsError: ErrorSummary | null;
  /** The comparison that stands over the list. */
  readonly diff: SnapshotDiff | null;
  readonly diffTop: number;
  /** Stands where the selected snapshot is described, until the next move. */
  readonly report: SnapshotReport | null;
  readonly undo: SnapshotUndo | null;
}

/** The snapshots, the rules that keep them, and the plan that follows from both. */
export class SnapshotDesk extends Observed<SnapshotDeskState> {
  readonly #harvester: Harvester;
  #height = 10;
  #reading = 0;
  #planning: Promise<void> | null = null;

  constructor(harvester: Harvester) {
    super({
      phase: 'unread',
      error: null,
      plan: null,
      policy: null,
      configured: null,
      knob: 0,
      cursor: { index: 0, top: 0 },
      signals: null,
      signalsError: null,
      diff: null,
      diffTop: 0,
      report: null,
      undo: null,
    });
    this.#harvester = harvester;
  }

  get snapshots(): readonly SnapshotInfo[] {
    return this.read().plan?.decisions.map(({ snapshot }) => snapshot) ?? [];
  }

  /** The snapshot under the cursor. */
  get row(): SnapshotInfo | null {
    return this.snapshots[this.read().cursor.index] ?? null;
  }

  /** Whether the plan on screen is that of the rules on screen. */
  get planned(): boolean {
    const { plan, policy } = this.read();
    return plan !== null && plan.policy === policy;
  }

  get height(): number {
    return this.#height;
  }

  resize(height: number): void {
    this.#height = Math.max(1, height);
    this.move(0);
  }

  move(step: number): void {
    const { cursor: old } = this.read();
    const cursor = moveTo(old, old.index + step, this.snapshots.length, this.#height);
    if (cursor !== old) this.set({ cursor, report: null });
  }

  /** Puts the cursor on a snapshot, when there is one of that id. */
  goTo(id: string): void {
    const index = this.snapshots.findIndex((each) => each.id === id);
    if (index >= 0) this.move(index - this.read().cursor.index);
  }

  /** Reads everything; the rules stay as they were turned. */
  async visit(): Promise<void> {
    this.#reading += 1;
    const mine = this.#reading;
    this.set({ phase: 'loading', diff: null });
    try {
      const configured = await this.#harvester.retention.policy();
      const policy = this.read().policy ?? configured;
      this.set({ configured, policy });
      this.#follow(policy, await this.#harvester.retention.plan(policy));
      this.set({ phase: 'ready', error: null });
      // A rule may have been turned meanwhile.
      if (!this.planned) this.#replan();
    } catch (error) {
      if (mine === this.#reading) this.set({ phase: 'failed', error: summarizeError(error) });
    }
    if (mine === this.#reading) await this.#countSignals(mine);
  }

  chooseKnob(step: number): void {
    this.set({ knob: (this.read().knob + step + knobs.length) % knobs.length });
  }

  /** Turns the rule by one; the plan follows as soon as it is made. */
  turn(direction: 1 | -1): void {
    const { policy, knob } = this.read();
    const all = this.snapshots;
    const bytes = all.reduce((sum, each) => sum + each.bytes, 0);
    const files = all.reduce((sum, each) => sum + each.files, 0);
    const turned = policy === null ? undefined : knobs[knob]?.turn(policy, direction, { bytes, files });
    if (turned !== undefined) this.#setPolicy(turned);
  }

  asConfigured(): void {
    const { configured } = this.read();
    if (configured !== null) this.#setPolicy(configured);
  }

  /** Resolves when the plan is that of the rules, or could not be made. */
  async settled(): Promise<void> {
    await this.#planning;
  }

  showDiff(diff: SnapshotDiff | null): void {
    this.set({ diff, diffTop: 0 });
  }

  scrollDiff(top: number): void {
    this.set({ diffTop: top });
  }

  tell(report: SnapshotReport | null): void {
    this.set({ report });
  }

  remember(undo: SnapshotUndo | null): void {
    this.set({ undo });
  }

  #setPolicy(policy: RetentionPolicy): void {
    this.set({ policy });
    this.#replan();
  }

  #replan(): void {
    this.#planning ??= this.#planUntilStill().finally(() => {
      this.#planning = null;
    });
  }

  /** One question at a time: keys may come faster than answers, and only the last rules matter. */
  async #planUntilStill(): Promise<void> {
    for (let { policy } = this.read(); policy !== null && !this.planned; { policy } = this.read()) {
      try {
        this.#follow(policy, await this.#harvester.retention.plan(policy));
      } catch (error) {
        this.set({ phase: 'failed', error: summarizeError(error) });
        return;
      }
    }
  }

  /** Takes a plan; the cursor stays on its snapshot. */
  #follow(policy: RetentionPolicy, plan: SnapshotPlan): void {
    const id = this.row?.id;
    const { cursor: old } = this.read();
    const found = plan.decisions.findIndex(({ snapshot }) => snapshot.id === id);
    const cursor = moveTo(old, found < 0 ? old.index : found, plan.decisions.length, this.#height);
    // Behind a thread the policy comes back as a copy.
    this.set({ plan: { ...plan, policy }, cursor });
  }

  async #countSignals(mine: number): Promise<void> {
    try {
      const { retention, store } = this.#harvester;
      const [plan, { bytes, signals }] = await Promise.all([retention.planSignals(), store.status()]);
      const due = { ...plan, storeBytes: bytes, storeSignals: signals };
      if (mine === this.#reading) this.set({ signals: due, signalsError: null });
    } catch (error) {
      if (mine === this.#reading) this.set({ signalsError: summarizeError(error) });
    }
  }
}
