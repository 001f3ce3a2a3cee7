import { harvesterByPath, type Operation, operationsOf } from './by-path.ts';
import type { Harvester } from './harvester.ts';

/** Some operations of the application, and how it is closed while there is no more of it. */
export type PartOfHarvester = Pick<Harvester, 'close'> & {
  readonly [Subject in keyof Harvester]?: Harvester[Subject] extends (...args: never[]) => unknown
    ? Harvester[Subject]
    : Partial<Harvester[Subject]>;
};

/**
 * The application, most of which is made when it is first asked for. Until it
 * is there `ready` answers what it can; from then on the whole answers
 * everything, so that there is never more than one that remembers things.
 *
 * When making it fails, so does every operation that needs it.
 */
export function deferHarvester(ready: PartOfHarvester, makeWhole: () => Promise<Harvester>): Harvester {
  const near = operationsOf(ready);
  let making: Promise<ReadonlyMap<string, Operation>> | null = null;
  let whole: ReadonlyMap<string, Operation> | null = null;
  const operation = async (path: string): Promise<Operation> => {
    if (path === 'close') return (await making?.catch(() => null))?.get(path) ?? ready.close;
    const here = (whole ?? near).get(path);
    if (here !== undefined) return here;
    making ??= makeWhole().then(operationsOf);
    whole = await making;
    const found = whole.get(path);
    if (found === undefined) throw new Error(`no operation ${path}`);
    return found;
  };
  return harvesterByPath(async (path, args) => (await operation(path))(...(args as never[])));
}
