import type { ListedView } from '../../harvester/views.ts';
import { formatCount } from '../text/format.ts';
import type { App } from './app.ts';
import type { MenuItem } from './menu-desk.ts';
import { sayError } from './messages.ts';

const letters = '123456789abcdefghiopqtuvwyz';

/** Opens the named searches with their counts, and what can be done with them. */
export async function openViews(app: App): Promise<void> {
  try {
    const views = await app.harvester.views.list();
    app.menu.open(
      { title: 'views', items: [...viewItems(app, views), ...editItems(app, views)] },
      views.findIndex(({ name }) => name === app.list.read().view),
    );
  } catch (error) {
    sayError(app.say, 'the views could not be read', error);
  }
}

function viewItems(app: App, views: readonly ListedView[]): MenuItem[] {
  return views.map((view, index) => ({
    key: letters[index] ?? '',
    label: view.name,
    note: view.problem === null ? countOf(view) : '✕ its search cannot be read any more',
    run: () => showView(app, view),
  }));
}

function countOf({ count, query }: ListedView): string {
  const many = count === null ? '' : `${formatCount(count.count)}${count.capped ? '+' : ''}  `;
  return `${many}${query}`;
}

export function showView(app: App, { name, query }: Pick<ListedView, 'name' | 'query'>): void {
  void app.list.choose({ filter: 'all', search: query, view: name }, app.triage.settled());
  app.say(`view: ${name}`);
}

function editItems(app: App, views: readonly ListedView[]): MenuItem[] {
  const { search } = app.list.read();
  const stored = views.filter(({ origin }) => origin === 'stored');
  const choose = (title: string, act: (view: ListedView) => void) => () =>
    app.menu.open({
      title,
      items: stored.map((view, index) => ({
        key: letters[index] ?? '',
        label: view.name,
        run: () => act(view),
      })),
    });
  return [
    ...(search === ''
      ? []
      : [{ key: 's', label: `save "${search}" as a view …`, run: () => askName(app, search) }]),
    ...(stored.length === 0
      ? []
      : [
          {
            key: 'r',
            label: 'rename a view …',
            run: choose('rename which view?', (view) => askNewName(app, view)),
          },
          {
            key: 'x',
            label: 'remove a view …',
            run: choose('remove which view?', (view) => askRemove(app, view)),
          },
        ]),
  ];
}

function askName(app: App, query: string): void {
  app.prompt.ask({
    label: 'save the search as',
    hint: 'a name; one that is there already is replaced',
    submit: (name) => {
      if (name === '') return 'write a name, or press Esc';
      void change(app, `saved the view ${name}`, () => app.harvester.views.save({ name, query }));
      app.list.nameView(name);
      return null;
    },
  });
}

function askNewName(app: App, { name: from }: ListedView): void {
  app.prompt.ask({
    label: `rename ${from} to`,
    hint: 'the new name',
    text: from,
    submit: (to) => {
      if (to === '') return 'write a name, or press Esc';
      void change(app, `${from} is now ${to}`, () => app.harvester.views.rename(from, to));
      return null;
    },
  });
}

function askRemove(app: App, { name }: ListedView): void {
  app.update({
    question: {
      text: `Remove the view ${name}? Its signals stay.`,
      yes: () => void change(app, `removed the view ${name}`, () => app.harvester.views.remove(name)),
    },
  });
}

async function change(app: App, done: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    app.say(done, { tone: 'good' });
  } catch (error) {
    sayError(app.say, 'not done', error);
  }
}
