import type { ErrorSummary } from '../../domain/failure.ts';
import type { Action } from '../../domain/key-bindings.ts';
import type { Place } from '../../domain/key-places.ts';
import { summarizeError } from '../../errors.ts';
import type { ProbeReport, Setup, SourceProposal, SourceQuestion } from '../../harvester/setup.ts';
import { defaultKeyMap, type KeyState, noKeyState } from '../key-map.ts';
import type { Size } from '../layout.ts';
import type { TerminalControl } from './app.ts';
import type { KeyTarget } from './key-target.ts';
import { type ListCursor, moveTo } from './list-cursor.ts';
import type { Message, Say } from './messages.ts';
import { Observed } from './observed.ts';
import { emptyPrompt, insert, type Prompt, textOfPrompt } from './prompt.ts';
import { wizardActions } from './wizard-actions.ts';

/** A source that may be kept, and what trying it has shown. */
export interface Candidate {
  readonly proposal: SourceProposal;
  readonly kept: boolean;
  /** Null while it is being tried. */
  readonly report: ProbeReport | null;
}

export interface WizardState {
  readonly size: Size;
  readonly step: 'topic' | 'sources' | 'answer' | 'saved';
  readonly topic: Prompt;
  readonly answer: Prompt;
  /** Which question is asked; an index of `questions`. */
  readonly asked: number;
  readonly candidates: readonly Candidate[];
  readonly cursor: ListCursor;
  /** An answer is being looked at, or the configuration is being written. */
  readonly busy: boolean;
  readonly error: ErrorSummary | null;
  readonly message: Message | null;
  /** Where the configuration was written. */
  readonly path: string | null;
}

/** The first run: what to listen for, which sources, and then one file is written. */
export class Wizard extends Observed<WizardState> implements KeyTarget {
  readonly questions: readonly SourceQuestion[];
  readonly keyMap = defaultKeyMap;
  terminal: TerminalControl = { exit() {}, suspend() {} };
  readonly #setup: Setup;
  /** Aborted when the wizard is left; each set of proposals has its own. */
  #probes = new AbortController();
  #answering = new AbortController();

  constructor(setup: Setup, size: Size) {
    super({
      size,
      step: 'topic',
      topic: emptyPrompt,
      answer: emptyPrompt,
      asked: 0,
      candidates: [],
      cursor: { index: 0, top: 0 },
      busy: false,
      error: null,
      message: null,
      path: null,
    });
    this.#setup = setup;
    this.questions = setup.questions();
  }

  readonly say: Say = (text, { tone = 'plain', undo = false } = {}) => {
    this.set({ message: { text, tone, undo } });
  };

  update(change: Partial<WizardState>): void {
    this.set(change);
  }

  resize(size: Size): void {
    this.set({ size });
  }

  place(): Place {
    return `wizard-${this.read().step}`;
  }

  keyState(): KeyState {
    return noKeyState;
  }

  perform(action: Action): void {
    this.set({ message: null });
    wizardActions[action]?.(this);
  }

  type(text: string): void {
    this.edit((prompt) => insert(prompt, text));
  }

  paste(text: string): void {
    const { step } = this.read();
    if (step === 'topic' || step === 'answer') this.type(text);
    else this.say('pasted text is ignored here; a adds an address');
  }

  /** Changes the prompt that is open. */
  edit(change: (prompt: Prompt) => Prompt): void {
    const { step, topic, answer, busy } = this.read();
    if (step === 'topic') this.set({ topic: change(topic), error: null });
    if (step === 'answer' && !busy) this.set({ answer: change(answer), error: null });
  }

  /** Rows of the second step: the sources, then a row a question. */
  get rows(): number {
    return this.read().candidates.length + this.questions.length;
  }

  move(step: number): void {
    const { cursor } = this.read();
    this.set({ cursor: moveTo(cursor, cursor.index + step, this.rows, this.rows) });
  }

  /** Proposes sources for the topic and tries all of them at once. */
  propose(): void {
    const topic = textOfPrompt(this.read().topic);
    if (topic === '') {
      this.say('type a product name or a few keywords first', { tone: 'warning' });
      return;
    }
    this.#probes.abort();
    this.#probes = new AbortController();
    const added = this.read().candidates.filter(({ proposal }) => this.#added.has(proposal));
    const candidates = this.#setup.propose(topic).map((proposal) => ({ proposal, kept: true, report: null }));
    this.set({
      step: 'sources',
      candidates: [...candidates, ...added],
      cursor: { index: 0, top: 0 },
      error: null,
    });
    for (const { proposal, report } of this.read().candidates)
      if (report === null) void this.#probe(proposal);
  }

  /** Turns the answer into one more source. Its failure stays beside the prompt, to be mended there. */
  async addAnswer(): Promise<void> {
    const { answer, asked, busy } = this.read();
    const question = this.questions[asked];
    const text = textOfPrompt(answer);
    if (question === undefined || busy) return;
    if (text === '') {
      this.say(`type ${question.prompt.toLowerCase()}, or press Esc`, { tone: 'warning' });
      return;
    }
    this.#answering = new AbortController();
    const { signal } = this.#answering;
    this.set({ busy: true, error: null });
    try {
      const proposal = this.#named(await this.#setup.answer(question.kind, text, signal));
      if (signal.aborted) return;
      this.#added.add(proposal);
      const candidates = [...this.read().candidates, { proposal, kept: true, report: null }];
      const index = candidates.length - 1;
      this.set({ step: 'sources', candidates, cursor: { index, top: 0 }, answer: emptyPrompt, busy: false });
      void this.#probe(proposal);
    } catch (error) {
      if (!signal.aborted) this.set({ busy: false, error: summarizeError(error) });
    }
  }

  /** Back from the prompt to the sources. */
  closeAnswer(): void {
    this.#answering.abort();
    this.set({ step: 'sources', busy: false, error: null });
  }

  /** Writes the configuration; until this succeeds nothing is on disk. */
  async save(): Promise<void> {
    const { candidates, topic, busy } = this.read();
    const kept = candidates.filter((candidate) => candidate.kept).map(({ proposal }) => proposal);
    if (busy) return;
    if (kept.length === 0) {
      this.say('no source is kept: Space keeps one, a adds another', { tone: 'warning' });
      return;
    }
    this.set({ busy: true, error: null });
    try {
      const path = await this.#setup.save(textOfPrompt(topic), kept);
      this.#probes.abort();
      this.set({ step: 'saved', path, busy: false });
    } catch (error) {
      this.set({ busy: false, error: summarizeError(error) });
    }
  }

  /** Ends what is still being tried. */
  close(): void {
    this.#probes.abort();
    this.#answering.abort();
  }

  readonly #added = new Set<SourceProposal>();

  async #probe(proposal: SourceProposal): Promise<void> {
    const { signal } = this.#probes;
    try {
      const report = await this.#setup.probe(proposal, signal);
      if (signal.aborted) return;
      const candidates = this.read().candidates.map((each) =>
        each.proposal === proposal ? { ...each, report } : each,
      );
      this.set({ candidates });
    } catch {
      // Only an abort rejects: nobody is waiting for this answer any more.
    }
  }

  /** Names are unique in a configuration; a second source of the same name gets a number. */
  #named(proposal: SourceProposal): SourceProposal {
    const names = new Set(this.read().candidates.map((each) => each.proposal.config.name));
    let name = proposal.config.name;
    for (let number = 2; names.has(name); number += 1) name = `${proposal.config.name}-${number}`;
    return { ...proposal, config: { ...proposal.config, name } };
  }
}
