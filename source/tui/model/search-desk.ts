import type { SearchCompletion } from '../../domain/search-complete.ts';
import { summarizeError, UserError } from '../../errors.ts';
import type { Harvester } from '../../harvester/harvester.ts';
import { Observed } from './observed.ts';
import { emptyPrompt, insert, type Prompt, textOfPrompt } from './prompt.ts';
import type { SignalList } from './signal-list.ts';

/** Typing on puts the search off: what nobody waited for is never asked. */
const debounceMs = 120;

/** What is wrong with a search; `start` is the character that it begins at, null when it is no place. */
export interface SearchProblem {
  readonly message: string;
  readonly start: number | null;
}

export interface SearchState {
  readonly open: boolean;
  readonly prompt: Prompt;
  readonly problem: SearchProblem | null;
  /** What tab goes through, and which of it stands there now. */
  readonly offers: readonly { readonly text: string; readonly hint: string }[];
  readonly offered: number;
}

const closed: SearchState = { open: false, prompt: emptyPrompt, problem: null, offers: [], offered: -1 };

/** The search that is being typed; the list follows it live. */
export class SearchDesk extends Observed<SearchState> {
  readonly #harvester: Harvester;
  readonly #list: SignalList;
  #timer: NodeJS.Timeout | undefined;
  /** What was searched for before the prompt was opened. */
  #before = { search: '', view: null as string | null };
  #completion: SearchCompletion | null = null;
  #asked = 0;

  constructor(harvester: Harvester, list: SignalList) {
    super(closed);
    this.#harvester = harvester;
    this.#list = list;
  }

  open(): void {
    const { search, view } = this.#list.read();
    this.#before = { search, view };
    this.set({ ...closed, open: true, prompt: insert(emptyPrompt, search === '' ? '' : `${search} `) });
  }

  edit(change: (prompt: Prompt) => Prompt): void {
    this.#completion = null;
    this.set({ prompt: change(this.read().prompt), problem: null, offers: [], offered: -1 });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), debounceMs);
  }

  /** Completes the word under the cursor; once more takes the next possibility. */
  async complete(): Promise<void> {
    if (this.#completion !== null) return this.#offer(this.read().offered + 1);
    const { prompt } = this.read();
    const cursor = prompt.characters.slice(0, prompt.cursor).join('').length;
    this.#asked += 1;
    const mine = this.#asked;
    try {
      const completion = await this.#harvester.signals.complete(prompt.characters.join(''), cursor);
      if (mine !== this.#asked || this.read().prompt !== prompt) return;
      if (completion.candidates.length === 0) {
        this.set({ problem: { message: 'nothing here completes this', start: null } });
        return;
      }
      this.#completion = completion;
      this.#base = prompt.characters.join('');
      this.set({ offers: completion.candidates });
      this.#offer(0);
    } catch (error) {
      this.set({ problem: { message: summarizeError(error).message, start: null } });
    }
  }

  #base = '';

  #offer(next: number): void {
    const completion = this.#completion;
    if (completion === null) return;
    const offered = next % completion.candidates.length;
    const { text = '' } = completion.candidates[offered] ?? {};
    const before = insert(emptyPrompt, `${this.#base.slice(0, completion.from)}${text}`);
    const whole = insert(before, this.#base.slice(completion.to));
    this.set({ prompt: { characters: whole.characters, cursor: before.cursor }, problem: null, offered });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), debounceMs);
  }

  /** Keeps what was found; a search that cannot be read stays open, with what is wrong. */
  async submit(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#look();
    if (this.read().problem === null) this.#close();
  }

  /** Back to what was shown before. */
  cancel(): void {
    const before = this.#before;
    this.#close();
    if (this.#list.read().search !== before.search) void this.#list.choose(before, Promise.resolve());
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#completion = null;
    this.#asked += 1;
    this.set(closed);
  }

  async #look(): Promise<void> {
    const search = textOfPrompt(this.read().prompt);
    const error = await this.#list.look(search);
    // Typed on meanwhile: the answer is about something else.
    if (error === null || !this.read().open || textOfPrompt(this.read().prompt) !== search) return;
    this.set({ problem: problemOf(error) });
  }
}

function problemOf(error: unknown): SearchProblem {
  if (error instanceof UserError && error.code === 'bad-search' && error.details !== null) {
    const { message, fix, start } = error.details as { message: string; fix: string; start: number };
    return { message: `${message}: ${fix}`, start };
  }
  return { message: summarizeError(error).message, start: null };
}
