import { describe, expect, test } from 'vitest';
import { places, prompts } from '../../source/domain/key-places.ts';
import { footerLine } from '../../source/tui/components/footer.ts';
import { paletteLines } from '../../source/tui/components/palette-view.tsx';
import { defaultKeyMap, noKeyState } from '../../source/tui/key-map.ts';
import { labelOf, typedBy } from '../../source/tui/keys.ts';
import { App, appPlaces } from '../../source/tui/model/app.ts';
import { appActions } from '../../source/tui/model/app-actions.ts';
import { openPalette } from '../../source/tui/model/palette-entries.ts';
import { wizardActions } from '../../source/tui/model/wizard-actions.ts';
import { widthOf } from '../../source/tui/text/spans.ts';
import { MemoryHarvester } from './memory/memory-harvester.ts';

const { bindings } = defaultKeyMap;
const bindingsAt = defaultKeyMap.at.bind(defaultKeyMap);
const actionFor = defaultKeyMap.actionFor.bind(defaultKeyMap);

describe.each(places)('the keys at %s', (place) => {
  test('no key means two things', () => {
    const keys = bindingsAt(place).flatMap((binding) => binding.keys);
    expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
  });

  test('every action is carried out', () => {
    const implemented = appPlaces.includes(place) ? appActions : wizardActions;
    for (const { action } of bindingsAt(place))
      expect([action, implemented[action]]).toEqual([action, expect.any(Function)]);
  });

  test('ctrl-c and ctrl-z always work', () => {
    expect(actionFor('ctrl-c', place, noKeyState)).toEqual({ kind: 'action', action: 'interrupt' });
    expect(actionFor('ctrl-z', place, noKeyState)).toEqual({ kind: 'action', action: 'suspend' });
  });

  test('the footer fits and always names a way out', () => {
    for (const columns of [32, 40, 80, 200]) {
      const line = footerLine(defaultKeyMap, place, { ...noKeyState, hasRow: true, hasLink: true }, columns);
      expect(widthOf(line)).toBeLessThanOrEqual(columns + 2);
      if (place !== 'wizard-saved')
        expect(line.map((each) => each.text).join('')).toMatch(/quit|leave|no|back/);
    }
  });
});

test.each(prompts)('no bound key of the prompt %s types a character', (place) => {
  for (const key of bindingsAt(place).flatMap((binding) => binding.keys))
    expect([key, typedBy(key)]).toEqual([key, null]);
});

test.each(['harvest', 'signals', 'detail'] as const)('every binding of %s is explained by ?', (place) => {
  const app = new App({
    harvester: new MemoryHarvester({ now: () => 0 }),
    now: () => 0,
    openLink: async () => null,
    copyText: async () => '',
    size: { columns: 100, rows: 30 },
  });
  app.update({ screen: place === 'harvest' ? 'harvest' : 'signals', detailOpen: place === 'detail' });
  openPalette(app, 'help');
  const { lines } = paletteLines(app.palette.read(), ['about'], 120);
  const text = lines.map((line) => line.map((each) => each.text).join('')).join('\n');
  for (const { keys, help, action } of bindingsAt(place).filter(
    (each) => each.action !== 'help' && each.action !== 'palette',
  )) {
    expect(text).toContain(help);
    expect(text).toContain(action.replaceAll('-', ' '));
    for (const key of keys) expect(text).toContain(labelOf(key));
  }
});

test('a key that does not apply says why', () => {
  expect(actionFor('c', 'harvest', noKeyState)).toEqual({ kind: 'refused', reason: 'no harvest is running' });
  expect(actionFor('d', 'signals', noKeyState)).toEqual({ kind: 'refused', reason: 'no signal is selected' });
  expect(actionFor('o', 'signals', { ...noKeyState, hasRow: true })).toEqual({
    kind: 'refused',
    reason: 'this signal has no link',
  });
  expect(actionFor('Z', 'signals', noKeyState)).toBeNull();
});

test('nothing destructive is on a key that scrolls elsewhere', () => {
  const scrolling = bindings.filter(({ action }) => /page|move|go-/.test(action)).flatMap(({ keys }) => keys);
  const decisions = bindings
    .filter(({ action }) => action === 'dismiss' || action === 'escalate')
    .flatMap(({ keys }) => keys);
  expect(decisions.filter((key) => scrolling.includes(key))).toEqual([]);
});
