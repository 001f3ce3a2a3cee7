import { joinViews, maxViewName, type View, type ViewOrigin } from '../domain/view.ts';
import { UserError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import { type CappedCount, readSearch, type SignalLists } from './signal-lists.ts';

export interface ListedView extends View {
  readonly origin: ViewOrigin;
  /** Null when the search of the view cannot be read any more; `problem` says why. */
  readonly count: CappedCount | null;
  readonly problem: string | null;
}

/** Named searches: built-in ones, those of the configuration, and those that were saved, which win by name. */
export interface Views {
  list(): Promise<readonly ListedView[]>;
  /** Adds or replaces. Rejects with UserError `bad-search` or `bad-view-name`. */
  save(view: View): Promise<void>;
  /** Rejects with UserError `unknown-view` for one that is not stored, `view-exists` when the name is taken. */
  rename(from: string, to: string): Promise<void>;
  /** One that hid a view of the program or the configuration shows it again. Rejects with `unknown-view`. */
  remove(name: string): Promise<void>;
  /** Stored views in this order; those not named come behind. */
  reorder(names: readonly string[]): Promise<void>;
}

interface ViewParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly lists: Pick<SignalLists, 'count'>;
  /** Views of the configuration. */
  readonly views: readonly View[];
}

export function createViews({ store, clock, lists, views: configured }: ViewParts): Views {
  const all = async () => joinViews(configured, await store.views());
  return {
    list: async () => {
      const listed: ListedView[] = [];
      for (const view of await all()) listed.push({ ...view, ...(await countView(lists, view)) });
      return listed;
    },
    save: async ({ name, query }) => {
      readSearch(query);
      await store.saveView({ name: checkName(name), query: query.trim() }, clock.now());
    },
    rename: async (from, to) => {
      const name = checkName(to);
      if (from === name) return;
      const known = await all();
      if (known.some((view) => view.name === name)) {
        throw new UserError('view-exists', `There is a view named ${name} already.`, {
          fix: 'Choose another name, or remove that view first.',
        });
      }
      if (!(await store.renameView(from, name, clock.now()))) throw unknownView(from, known);
    },
    remove: async (name) => {
      if (!(await store.removeView(name))) throw unknownView(name, await all());
    },
    reorder: (names) => store.orderViews(names),
  };
}

async function countView(
  lists: Pick<SignalLists, 'count'>,
  { query }: View,
): Promise<Pick<ListedView, 'count' | 'problem'>> {
  try {
    return { count: await lists.count({ search: query }), problem: null };
  } catch (error) {
    if (error instanceof UserError && error.code === 'bad-search')
      return { count: null, problem: error.message };
    throw error;
  }
}

function checkName(name: string): string {
  const trimmed = name.trim();
  if (trimmed !== '' && trimmed.length <= maxViewName && !/\p{C}/u.test(trimmed)) return trimmed;
  throw new UserError('bad-view-name', `A view cannot be named ${JSON.stringify(name.slice(0, 80))}.`, {
    fix: `Give it a name of 1 to ${maxViewName} characters on one line.`,
  });
}

function unknownView(name: string, known: readonly (View & { readonly origin: ViewOrigin })[]): UserError {
  const origin = known.find((view) => view.name === name)?.origin;
  if (origin !== undefined) {
    const owner = origin === 'config' ? 'the configuration' : 'the program';
    return new UserError('unknown-view', `The view ${name} belongs to ${owner}; it is not stored.`, {
      fix:
        origin === 'config'
          ? 'Change it in the configuration file.'
          : 'Save one of the same name to change what it shows.',
    });
  }
  const stored = known.filter((view) => view.origin === 'stored').map((view) => view.name);
  return new UserError('unknown-view', `There is no view named ${name}.`, {
    fix: stored.length === 0 ? 'No view has been saved yet.' : `Saved views: ${stored.join(', ')}.`,
  });
}
