/** What decides whether a key means something now. */
export interface KeyState {
  readonly running: boolean;
  /** The list has a row under the cursor. */
  readonly hasRow: boolean;
  /** That row leads somewhere. */
  readonly hasLink: boolean;
}

export const noKeyState: KeyState = { running: false, hasRow: false, hasLink: false };

/** Everything that a key can do; one name for the key map, the footer and what carries it out. */
export type Action =
  | 'start-harvest'
  | 'cancel-harvest'
  | 'move-down'
  | 'move-up'
  | 'half-page-down'
  | 'half-page-up'
  | 'page-down'
  | 'page-up'
  | 'go-first'
  | 'go-last'
  | 'next-undecided'
  | 'previous-undecided'
  | 'open-detail'
  | 'next-signal'
  | 'previous-signal'
  | 'open-link'
  | 'dismiss'
  | 'escalate'
  | 'to-inbox'
  | 'undo'
  | 'cycle-filter'
  | 'refresh'
  | 'show-harvest'
  | 'show-signals'
  | 'help'
  | 'back'
  | 'quit'
  | 'interrupt'
  | 'suspend'
  | 'answer-yes'
  | 'answer-no'
  | 'submit'
  | 'toggle'
  | 'add-source'
  | 'change-topic'
  | 'next-question'
  | 'erase-back'
  | 'erase-forward'
  | 'erase-line'
  | 'erase-word'
  | 'cursor-left'
  | 'cursor-right'
  | 'cursor-start'
  | 'cursor-end';
