import type { Place } from '../../domain/key-places.ts';
import { signalOrders } from '../../harvester/harvester.ts';
import { type BoundKey, refusalOf } from '../key-map.ts';
import { labelOf } from '../keys.ts';
import type { App } from './app.ts';
import type { PaletteEntry, PaletteState } from './palette.ts';
import { describeOrder, filters } from './signal-filter.ts';

/** Opens everything that can be done where the person is. */
export function openPalette(app: App, mode: PaletteState['mode']): void {
  const place = app.screenPlace();
  const entries = [...actionEntries(app, place), ...(place === 'signals' ? listEntries(app) : [])];
  app.palette.open(place, mode, entries);
}

export const sectionNames = ['keys of this screen', 'moving', 'everywhere', 'more, by name'] as const;

function actionEntries(app: App, place: Place): readonly PaletteEntry[] {
  const known = app.keyMap
    .at(place)
    .filter(({ action }) => action !== 'palette' && action !== 'help')
    .map(
      (binding): PaletteEntry => ({
        name: binding.action.replaceAll('-', ' '),
        help: binding.help,
        keys: binding.keys.map(labelOf).join('  '),
        section: sectionOf(binding),
        run: () => {
          const reason = refusalOf(binding.action, app.keyState());
          if (reason === null) app.perform(binding.action);
          else app.say(reason);
        },
      }),
    );
  return sectionNames.flatMap((section) => known.filter((entry) => entry.section === section));
}

function sectionOf({ action, places }: BoundKey): (typeof sectionNames)[number] {
  if (/^(?:move|half-page|page|go)-/.test(action)) return 'moving';
  const everywhere = places.includes('harvest') ? places.includes('detail') : places.length >= 4;
  return everywhere ? 'everywhere' : 'keys of this screen';
}

/** What a key only cycles through, to be had at once by its name. */
function listEntries(app: App): readonly PaletteEntry[] {
  const settled = () => app.triage.settled();
  return [
    ...filters.map((filter) => ({
      name: `filter ${filter}`,
      help:
        filter === 'all'
          ? 'show all signals'
          : `show what is ${filter === 'inbox' ? 'in the inbox' : filter}`,
      keys: '',
      section: 'more, by name',
      run: () => void app.list.choose({ filter }, settled()),
    })),
    ...signalOrders.map((order) => ({
      name: `order ${order}`,
      help: describeOrder(order),
      keys: '',
      section: 'more, by name',
      run: () => void app.list.choose({ order }, settled()),
    })),
  ];
}
