import { type Label, mostLabels } from '../domain/label.ts';
import type { LearningStore } from '../ports/learning.ts';
import type { Teacher } from '../ports/teacher.ts';

/** A teacher that looks for new labels when a run begins, not in the middle of it. */
export interface StoreTeacher extends Teacher {
  /** Reads the labels again if any has changed since. */
  refresh(): Promise<void>;
}

/** `enabled: false` teaches nothing. */
export function createTeacher(store: LearningStore, enabled: boolean): StoreTeacher {
  let known: { readonly version: string; readonly labels: readonly Label[] } | null = null;
  const refresh = async () => {
    const { correctionsAt } = await store.learningResets();
    const version = enabled ? `${correctionsAt} ${await store.labelsVersion()}` : 'off';
    if (known?.version === version) return known;
    const labels = enabled ? await store.labels({ limit: mostLabels, after: correctionsAt }) : [];
    known = { version, labels };
    return known;
  };
  return {
    refresh: async () => {
      await refresh();
    },
    labels: async () => (known ?? (await refresh())).labels,
  };
}
