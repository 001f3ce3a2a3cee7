import { mostLabels } from '../domain/label.ts';
import type { LearningStore } from '../ports/learning.ts';
import type { Teacher, Teaching } from '../ports/teacher.ts';

/** Uncorrected posts that hold on to what is said of them; more of them change little. */
export const mostUsual = 400;

/** A teacher that looks for new labels when a run begins, not in the middle of it. */
export interface StoreTeacher extends Teacher {
  /** Reads the labels again if any has changed since. */
  refresh(): Promise<void>;
}

/** `enabled: false` teaches nothing. */
export function createTeacher(store: LearningStore, enabled: boolean): StoreTeacher {
  let known: { readonly version: string; readonly teaching: Teaching } | null = null;
  const refresh = async () => {
    if (!enabled) return { teaching: { labels: [], usual: [] } };
    const { correctionsAt } = await store.learningResets();
    const version = `${correctionsAt} ${await store.labelsVersion()}`;
    if (known?.version !== version) {
      const labels = await store.labels({ limit: mostLabels, after: correctionsAt });
      const usual = labels.length === 0 ? [] : await store.usualPosts(mostUsual);
      known = { version, teaching: { labels, usual } };
    }
    return known;
  };
  return {
    refresh: async () => {
      await refresh();
    },
    teaching: async () => (known ?? (await refresh())).teaching,
  };
}
