import { useSyncExternalStore } from 'react';
import type { Observed } from '../model/observed.ts';

/** The state of a model; the component is drawn again when it changes. */
export function useObserved<State extends object>(model: Observed<State>): State {
  return useSyncExternalStore(model.subscribe, model.read, model.read);
}
