import { describeDiagnostics } from '../../domain/describe-diagnostics.ts';
import type { Diagnostics } from '../../domain/feedback.ts';
import { Observed } from './observed.ts';

export interface FeedbackState {
  /** What could be added, while the person is asked about it; null when nobody is. */
  readonly bundle: Diagnostics | null;
  readonly lines: readonly string[];
  readonly top: number;
}

const closed: FeedbackState = { bundle: null, lines: [], top: 0 };

/** The diagnostics that a person looks through before they agree. */
export class FeedbackDesk extends Observed<FeedbackState> {
  /** What was written and not kept yet: it stands there again the next time. */
  draft = '';
  #answer: (bundle: Diagnostics | null) => void = () => {};

  constructor() {
    super(closed);
  }

  /** `answer` gets exactly what was shown, or null. */
  show(bundle: Diagnostics, answer: (bundle: Diagnostics | null) => void): void {
    this.#answer = answer;
    this.set({ bundle, lines: describeDiagnostics(bundle), top: 0 });
  }

  scroll(top: number): void {
    this.set({ top });
  }

  answer(agreed: boolean): void {
    const { bundle } = this.read();
    const answer = this.#answer;
    this.close();
    answer(agreed ? bundle : null);
  }

  close(): void {
    this.#answer = () => {};
    this.set(closed);
  }
}
