import { cleanLine, cleanText } from '../domain/clean.ts';
import {
  type Diagnostics,
  type Feedback,
  type FeedbackOrigin,
  feedbackTitle,
  mostFeedbackCharacters,
  type NewFeedback,
  type TerminalFacts,
} from '../domain/feedback.ts';
import { UserError } from '../errors.ts';
import type { EventToTell } from '../pipeline/notify-events.ts';
import type { Clock } from '../ports/clock.ts';
import type { FeedbackQuery, FeedbackStore } from '../ports/feedback.ts';
import { type DiagnosticParts, type DiagnosticSetup, diagnose } from './diagnostics.ts';

/** What people say of the program; it stays in the store. */
export interface FeedbackDesk {
  /** What could be added. It has to be shown to the person, and is kept only when `send` is given it. */
  diagnostics(terminal: TerminalFacts | null): Promise<Diagnostics>;
  /** @throws UserError `bad-feedback`, `feedback-full` */
  send(feedback: NewFeedback, origin: FeedbackOrigin): Promise<Feedback>;
  /** Newest first. */
  list(query: FeedbackQuery): Promise<readonly Feedback[]>;
  get(id: number): Promise<Feedback | null>;
  /** With every message about it in the ledger; returns how many there were. */
  remove(ids: readonly number[]): Promise<number>;
}

/** What the composition knows of the program itself. */
export interface FeedbackSetup extends DiagnosticSetup {
  /** Takes known secrets out of a text. */
  scrub(text: string): string;
}

export interface FeedbackParts extends DiagnosticParts {
  readonly store: DiagnosticParts['store'] & FeedbackStore;
  readonly clock: Clock;
  readonly feedback: FeedbackSetup;
}

/** A program that nobody has composed. */
export const unknownProgram: FeedbackSetup = {
  version: 'unknown',
  platform: 'unknown',
  nodeVersion: 'unknown',
  settings: () => ({ settings: {}, sources: [], notifiers: [] }),
  scrub: (text) => text,
};

/** More than this is no feedback any more; nobody can fill a disk with it. */
const mostFeedback = 10_000;
const longestWord = 60;
const longestBundle = 100_000;

export function createFeedbackDesk(parts: FeedbackParts): FeedbackDesk {
  const { store, clock, feedback: setup } = parts;
  return {
    diagnostics: (terminal) => diagnose(parts, setup, terminal),
    send: async (given, { via, actor }) => {
      const text = setup.scrub(cleanText(given.text)).trim();
      if (text === '' || text.length > mostFeedbackCharacters) {
        throw new UserError(
          'bad-feedback',
          text === ''
            ? 'Feedback without words says nothing.'
            : `That is ${text.length} characters; feedback has at most ${mostFeedbackCharacters}.`,
          { fix: `Write 1 to ${mostFeedbackCharacters} characters.` },
        );
      }
      if (JSON.stringify(given.diagnostics).length > longestBundle) {
        throw new UserError('bad-feedback', 'The diagnostics are larger than any that the program makes.', {
          fix: 'Send back those of GET /v1/feedback/diagnostics, or none.',
        });
      }
      const screen = given.screen === null ? null : cleanLine(given.screen).slice(0, longestWord) || null;
      const fresh: Omit<Feedback, 'id'> = {
        at: clock.now(),
        text,
        mood: given.mood,
        via,
        actor,
        screen,
        version: cleanLine(given.version).slice(0, longestWord) || 'unknown',
        diagnostics: given.diagnostics,
      };
      const id = await store.addFeedback(fresh, mostFeedback);
      if (id !== null) return { id, ...fresh };
      throw new UserError('feedback-full', `There are ${mostFeedback} pieces of feedback already.`, {
        fix: 'Export them, and remove what was read: "signal-harvester feedback remove".',
      });
    },
    list: (query) => store.feedback(query),
    get: (id) => store.feedbackById(id),
    remove: (ids) => store.removeFeedback(ids, ids.map(feedbackKey)),
  };
}

/** Ids are never given twice. */
function feedbackKey(id: number): string {
  return `feedback-${id}`;
}

const mostEvents = 1_000;

/** What rules with "on: feedback" tell of, oldest first. Diagnostics stay here. */
export async function feedbackEvents(store: FeedbackStore, since: number): Promise<readonly EventToTell[]> {
  const newest = await store.feedback({ limit: mostEvents, since });
  return newest.toReversed().map(({ id, at, text, mood, screen, version, diagnostics }) => ({
    key: feedbackKey(id),
    kind: 'feedback',
    title: feedbackTitle({ mood, text }),
    text: [
      text,
      '',
      [
        `mood ${mood}`,
        ...(screen === null ? [] : [`screen ${screen}`]),
        `version ${version}`,
        ...(diagnostics === null ? [] : ['with diagnostics']),
        `signal-harvester feedback show ${id}`,
      ].join('; '),
    ].join('\n'),
    at,
  }));
}
