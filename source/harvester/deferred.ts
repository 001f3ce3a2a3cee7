import { harvesterByPath, type Operation, operationsOf } from './by-path.ts';
import type { Harvester } from './harvester.ts';

/** Some operations of the application, and how it is closed while there is no more of it. */
export type PartOfHarvester = Pick<Harvester, 'close'> & {
  readonly [Subject in keyof Harvester]?: Harvester[Subject] extends (...args: never[]) => unknown
    ? Harvester[Subject]
    : Partial<Harvester[Subject]>;
};

/**
 * The application, most of which is made when it is first asked for. Until
 * then `ready` answers what it can; from then on the whole answers everything,
 * so that there is never more than one that remembers things.
 *
 * When making it fails, so does every later operation but `close`.
 */
export function deferHarvester(ready: PartOfHarvester, makeWhole: () => Promise<Harvester>): Harvester {
  const near = operationsOf(ready);
  let whole: Promise<ReadonlyMap<string, Operation>> | null = null;
  const operation = async (path: string): Promise<Operation> => {
    if (path === 'close') return (await whole?.catch(() => null))?.get(path) ?? ready.close;
    const here = whole === null ? near.get(path) : undefined;
    if (here !== undefined) return here;
    whole ??= makeWhole().then(operationsOf);
    const found = (await whole).get(path);
    if (found === undefined) throw new Error(`no operation ${path}`);
    return found;
  };
  return harvesterByPath(async (path, args) => (await operation(path))(...(args as never[])));
}
