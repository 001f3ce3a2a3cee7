import type { Label, LabelDraft } from '../domain/label.ts';
import { leastDecisions, leastOfAKind, mostDecisions } from '../domain/relevance.ts';
import type { Relevance } from '../pipeline/relevance.ts';
import { type ScoreRules, scoreBatch } from '../pipeline/score.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import type { Teaching } from '../ports/teacher.ts';
import type { EvaluationSubject } from './evaluation.ts';
import type { StoreTeacher } from './teacher.ts';

/** What was learned of relevance: what the analyst keeps, and what they dismiss. */
export interface RelevanceStatus {
  readonly enabled: boolean;
  /** False below 20 decisions, or with fewer than 5 of either kind: then every signal counts alike. */
  readonly active: boolean;
  readonly decisions: number;
  readonly kept: number;
  /** In words, what is missing until it is active; null when it is. */
  readonly missing: string | null;
  /** Strongest first. */
  readonly keeps: readonly string[];
  readonly dismisses: readonly string[];
  /** Earlier decisions do not count. Milliseconds, UTC; null without a reset. */
  readonly resetAt: number | null;
}

/** Share of labels that are met by an analyzer that has not learned from them. */
export interface LearnedQuality {
  readonly n: number;
  readonly accuracy: number;
  readonly macroF1: number;
}

/** What the offline analyzer learned from corrections. */
export interface CorrectionsStatus {
  readonly enabled: boolean;
  readonly labels: number;
  /** Of them, those that are learned from: made since the reset, the newest 5,000. */
  readonly learnedFrom: number;
  /** When the newest of these was made. */
  readonly newestAt: number | null;
  readonly byField: { readonly category: number; readonly sentiment: number; readonly urgency: number };
  /** Words that were learned to speak for a category, strongest first. */
  readonly words: readonly { readonly category: string; readonly words: readonly string[] }[];
  /** Category on the labels, each asked of an analyzer that was taught by others alone; null without labels. */
  readonly untaught: LearnedQuality | null;
  readonly taught: LearnedQuality | null;
  readonly resetAt: number | null;
}

export interface LearningStatus {
  readonly relevance: RelevanceStatus;
  readonly corrections: CorrectionsStatus;
}

export interface RelevanceExplanation {
  /** Of the stored score, 0.5–1.5. */
  readonly relevance: number;
  readonly keeps: readonly string[];
  readonly dismisses: readonly string[];
}

export interface LearningSubject {
  /** Judges the corrections by cross-validation: seconds when there are thousands of labels. */
  status(): Promise<LearningStatus>;
  /** Forgets what was learned until now, and scores the inbox again. Decisions and labels stay. */
  reset(what: { readonly relevance: boolean; readonly corrections: boolean }): Promise<LearningRefresh>;
  /** Lets the order of the inbox follow decisions made since it was last scored. */
  refresh(): Promise<LearningRefresh>;
  /** Why a signal is held to be relevant or not; null when nothing is learned, or it is gone. */
  explain(id: number): Promise<RelevanceExplanation | null>;
}

export interface LearningRefresh {
  /** Signals that were scored again. */
  readonly scored: number;
}

export interface LabelPage {
  /** Newest first. */
  readonly labels: readonly Label[];
  readonly total: number;
}

export interface LabelImport {
  readonly added: number;
  /** Imported before, with the same text. */
  readonly replaced: number;
  /** Left as they are: the analyst has corrected a signal with this text. */
  readonly kept: number;
}

export interface LabelsSubject {
  list(limit: number): Promise<LabelPage>;
  import(labels: readonly LabelDraft[]): Promise<LabelImport>;
  /** Returns how many there were. */
  remove(ids: readonly number[]): Promise<number>;
}

export interface LearningParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly scoring: ScoreRules;
  /** What is learned, or nothing while the flag is off. */
  relevanceNow(): Promise<{ readonly relevance: Relevance; readonly on: boolean }>;
  readonly teacher: StoreTeacher;
  readonly enabled: { readonly relevance: boolean; readonly corrections: boolean };
  readonly evaluation: EvaluationSubject;
  /** The words that labels teach, by category, strongest first. */
  learnedWords(teaching: Teaching): Promise<CorrectionsStatus['words']>;
}

const mostWords = 8;

export function createLabels(store: Store): LabelsSubject {
  return {
    list: async (limit) => ({
      labels: await store.labels({ limit, after: 0 }),
      total: await store.countLabels(),
    }),
    import: (labels) => store.importLabels(labels),
    remove: (ids) => store.removeLabels(ids),
  };
}

export function createLearning(parts: LearningParts): LearningSubject {
  const { store, clock, scoring } = parts;

  const refresh = async (): Promise<LearningRefresh> => {
    const { relevance } = await parts.relevanceNow();
    if ((await relevance.follow()) === 0) return { scored: 0 };
    let scored = 0;
    for (;;) {
      const batch = await scoreBatch({ store, clock, relevance }, scoring);
      if (batch.length === 0) return { scored };
      scored += batch.length;
      await new Promise(setImmediate);
    }
  };

  return {
    status: async () => ({
      relevance: await describeRelevance(parts),
      corrections: await describeCorrections(parts),
    }),
    reset: async (what) => {
      await store.resetLearning(what, clock.now());
      await parts.teacher.refresh();
      return refresh();
    },
    refresh,
    explain: async (id) => {
      const signal = await store.signal(id);
      const { relevance } = await parts.relevanceNow();
      const words = await relevance.wordsOf(id);
      if (signal?.factors == null || words === null) return null;
      return { relevance: signal.factors.relevance, ...words };
    },
  };
}

async function describeRelevance({ store, relevanceNow, enabled }: LearningParts): Promise<RelevanceStatus> {
  const { relevance, on } = await relevanceNow();
  const learns = enabled.relevance && on;
  const { relevanceAt } = await store.learningResets();
  const decided = await store.decidedSignals({ limit: mostDecisions, after: relevanceAt });
  const kept = decided.filter((decision) => decision.kept).length;
  const model = await relevance.model();
  const words = model?.strongest(mostWords) ?? { keeps: [], dismisses: [] };
  return {
    enabled: learns,
    active: model !== null,
    decisions: decided.length,
    kept,
    missing: learns ? missingDecisions(kept, decided.length - kept) : null,
    ...words,
    resetAt: relevanceAt === 0 ? null : relevanceAt,
  };
}

/** "14 more decisions, 2 of them keeping a signal"; null when there is enough. */
export function missingDecisions(kept: number, dismissed: number): string | null {
  const [keeps, dismisses] = [kept, dismissed].map((count) => Math.max(0, leastOfAKind - count));
  const more = Math.max(leastDecisions - kept - dismissed, (keeps ?? 0) + (dismisses ?? 0));
  if (more <= 0) return null;
  const kinds = [
    keeps ? `at least ${keeps} that ${keeps === 1 ? 'keeps' : 'keep'} a signal` : null,
    dismisses ? `at least ${dismisses} that ${dismisses === 1 ? 'dismisses' : 'dismiss'} one` : null,
  ].filter((words) => words !== null);
  const among = kinds.length === 0 ? '' : `, ${kinds.join(' and ')}`;
  return `${more} more ${more === 1 ? 'decision' : 'decisions'}${among}`;
}

async function describeCorrections(parts: LearningParts): Promise<CorrectionsStatus> {
  const { store, teacher, enabled, evaluation } = parts;
  await teacher.refresh();
  const teaching = await teacher.teaching();
  const { labels } = teaching;
  const { correctionsAt } = await store.learningResets();
  const count = (field: 'category' | 'sentiment' | 'urgency') =>
    labels.filter((label) => label[field] !== null).length;
  const byField = { category: count('category'), sentiment: count('sentiment'), urgency: count('urgency') };
  const judged =
    byField.category === 0
      ? []
      : (await evaluation.run({ analyzers: ['offline'], rows: [], ownLabels: true, limit: null })).analyzers;
  const qualityOf = (name: string): LearnedQuality | null => {
    const category = judged.find(({ analyzer }) => analyzer === name)?.category ?? null;
    return category === null
      ? null
      : { n: category.n, accuracy: category.accuracy, macroF1: category.macroF1 };
  };
  return {
    enabled: enabled.corrections,
    labels: await store.countLabels(),
    learnedFrom: labels.length,
    newestAt: labels[0]?.at ?? null,
    byField,
    words: labels.length === 0 ? [] : await parts.learnedWords(teaching),
    untaught: qualityOf('offline, untaught'),
    taught: qualityOf('offline, taught'),
    resetAt: correctionsAt === 0 ? null : correctionsAt,
  };
}
