import {
  learnRelevance,
  mostDecisions,
  type RelevanceModel,
  type RelevanceWords,
} from '../domain/relevance.ts';
import type { RelevanceSubject } from '../domain/relevance-features.ts';
import type { LearningStore } from '../ports/learning.ts';

/** Signals of the inbox, highest rank first, whose order follows when the model has changed. */
const mostFollowed = 20_000;
const pageSize = 500;
/** Change it when the model learns otherwise from the same decisions. */
const modelVersion = 1;

/** What has been learned of relevance, kept at hand for as long as no decision changes it. */
export interface Relevance {
  /** The model of the present decisions; null while there is none. */
  model(): Promise<RelevanceModel | null>;
  /**
   * When the decisions have changed since the inbox was last looked through,
   * makes those signals due for scoring whose relevance is another now.
   * Returns how many. Killed half-way, it begins anew.
   */
  follow(signal?: AbortSignal): Promise<number>;
  /** By signal; 1 for all without a model. */
  factorsOf(signalIds: readonly number[]): Promise<ReadonlyMap<number, number>>;
  /** The words of one signal that move its relevance; null without a model or without the signal. */
  wordsOf(signalId: number): Promise<RelevanceWords | null>;
}

/** `enabled: false` learns nothing, and takes back what was learned before. */
export function createRelevance(store: LearningStore, enabled: boolean): Relevance {
  let known: { readonly version: string; readonly model: RelevanceModel | null } | null = null;
  let shown: { readonly followed: string | null; readonly model: RelevanceModel | null } | null = null;

  const present = async () => {
    if (!enabled) return { version: 'off', model: null };
    const { relevanceAt } = await store.learningResets();
    const decided = await store.decidedSignals({ limit: mostDecisions, after: relevanceAt });
    const version = versionOf(decided);
    if (known?.version !== version) {
      known = { version, model: learnRelevance(await store.decisionsOf(decided)) };
    }
    return known;
  };

  return {
    model: async () => (await present()).model,
    follow: async (signal) => {
      const { version, model } = await present();
      if ((await store.relevanceVersion()) === version) return 0;
      let due = 0;
      let below: { rank: number; signalId: number } | null = null;
      for (let seen = 0; seen < mostFollowed; seen += pageSize) {
        const page = await store.inboxSubjects(pageSize, below);
        const changed = page.filter((subject) => factorOf(model, subject) !== subject.relevance);
        if (changed.length > 0) await store.makeScoresDue(changed.map(({ signalId }) => signalId));
        due += changed.length;
        below = page.at(-1) ?? null;
        if (page.length < pageSize) break;
        await new Promise(setImmediate);
        signal?.throwIfAborted();
      }
      await store.saveRelevanceVersion(version);
      return due;
    },
    factorsOf: async (signalIds) => {
      // Every batch of a run is scored with one model: that of the beginning.
      const model = (known ?? (await present())).model;
      if (model === null) return new Map();
      const subjects = await store.relevanceSubjects(signalIds);
      return new Map(subjects.map((subject) => [subject.signalId, model.factorOf(subject)]));
    },
    wordsOf: async (signalId) => {
      // The words are those of what the inbox was scored with: nothing is learned between two keys of an analyst.
      const followed = await store.relevanceVersion();
      if (shown?.followed !== followed) shown = { followed, model: (await present()).model };
      const { model } = shown;
      if (model === null) return null;
      const [subject] = await store.relevanceSubjects([signalId]);
      return subject === undefined ? null : model.wordsOf(subject);
    },
  };
}

function factorOf(model: RelevanceModel | null, subject: RelevanceSubject): number {
  return model === null ? 1 : model.factorOf(subject);
}

/** FNV-1a over the decisions in the order of their signals: their order of time makes no other model. */
function versionOf(decided: readonly { readonly signalId: number; readonly kept: boolean }[]): string {
  let hash = 0x811c9dc5;
  let kept = 0;
  for (const decision of decided.toSorted((a, b) => a.signalId - b.signalId)) {
    hash = Math.imul(hash ^ decision.signalId, 0x01000193);
    hash = Math.imul(hash ^ (decision.kept ? 1 : 2), 0x01000193);
    if (decision.kept) kept += 1;
  }
  return `v${modelVersion} ${decided.length} ${kept} ${(hash >>> 0).toString(16)}`;
}
