import { Observed } from './observed.ts';
import { emptyPrompt, insert, type Prompt, textOfPrompt } from './prompt.ts';

/** One line that is asked for. */
export interface PromptRequest {
  /** What stands before the text: "tag 14 signals". */
  readonly label: string;
  /** What may be written. */
  readonly hint: string;
  /** The text to begin with. */
  readonly text?: string;
  /** Takes the text; what it returns is what is wrong with it, in words, and the prompt stays. */
  submit(text: string): string | null;
  /** What the word under the cursor may become, best first. */
  complete?(text: string): readonly string[];
}

export interface PromptState {
  readonly request: PromptRequest | null;
  readonly prompt: Prompt;
  readonly problem: string | null;
}

/** The one-line question above the footer. */
export class PromptDesk extends Observed<PromptState> {
  /** Texts that tab goes through, and which of them stands there now. */
  #offers: { readonly texts: readonly string[]; readonly at: number } | null = null;

  constructor() {
    super({ request: null, prompt: emptyPrompt, problem: null });
  }

  ask(request: PromptRequest): void {
    this.#offers = null;
    this.set({ request, prompt: insert(emptyPrompt, request.text ?? ''), problem: null });
  }

  edit(change: (prompt: Prompt) => Prompt): void {
    this.#offers = null;
    this.set({ prompt: change(this.read().prompt), problem: null });
  }

  /** Completes what is being typed; once more takes the next possibility. */
  complete(): void {
    const { request, prompt } = this.read();
    const offers = this.#offers ?? { texts: request?.complete?.(prompt.characters.join('')) ?? [], at: -1 };
    if (offers.texts.length === 0) {
      this.set({ problem: 'nothing here completes this' });
      return;
    }
    const at = (offers.at + 1) % offers.texts.length;
    this.set({ prompt: insert(emptyPrompt, offers.texts[at] ?? ''), problem: null });
    this.#offers = { texts: offers.texts, at };
  }

  submit(): void {
    const { request, prompt } = this.read();
    if (request === null) return;
    // Closed first: what the answer does may ask the next question.
    this.close();
    const problem = request.submit(textOfPrompt(prompt));
    if (problem !== null) this.set({ request, prompt, problem });
  }

  close(): void {
    this.#offers = null;
    this.set({ request: null, prompt: emptyPrompt, problem: null });
  }
}
