import type { Harvester } from './harvester.ts';
import { operations } from './operations.ts';

export type Operation = (...args: never[]) => Promise<unknown>;

/** The operations of an application, or of a part of one, by their paths: `run`, `signals.page`. */
export function operationsOf(harvester: object): ReadonlyMap<string, Operation> {
  const found = new Map<string, Operation>();
  for (const [name, member] of Object.entries(harvester)) {
    if (typeof member === 'function') found.set(name, member as Operation);
    else {
      for (const [method, operation] of Object.entries(member as object)) {
        found.set(`${name}.${method}`, operation as Operation);
      }
    }
  }
  return found;
}

/** An application each of whose operations is `call` with its path and its arguments. */
export function harvesterByPath(
  call: (path: string, args: readonly unknown[]) => Promise<unknown>,
): Harvester {
  const harvester: Record<string, unknown> = {};
  for (const path of Object.keys(operations)) {
    const method = async (...args: unknown[]) => call(path, args);
    const [subject = '', name] = path.split('.');
    if (name === undefined) harvester[subject] = method;
    else harvester[subject] = { ...(harvester[subject] as object | undefined), [name]: method };
  }
  // The list is checked against the interface where it stands, so that nothing can be missing here.
  return harvester as unknown as Harvester;
}
