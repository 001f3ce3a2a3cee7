import { describe, expect, test } from 'vitest';
import { checkKeys, chooseKeys } from '../../source/domain/key-choices.ts';
import { KeyMap, noKeyState } from '../../source/tui/key-map.ts';

describe('keys of a person’s own', () => {
  test('none are no problem', () => {
    expect(checkKeys({})).toEqual([]);
  });

  test('replace those of the action, everywhere', () => {
    const map = new KeyMap({ dismiss: ['Z', 'ctrl-x'], undo: [] });
    const state = { ...noKeyState, hasRow: true };
    expect(map.actionFor('Z', 'signals', state)).toEqual({ kind: 'action', action: 'dismiss' });
    expect(map.actionFor('ctrl-x', 'detail', state)).toEqual({ kind: 'action', action: 'dismiss' });
    expect(map.actionFor('d', 'signals', state)).toBeNull();
    expect(map.actionFor('u', 'signals', state)).toBeNull();
    expect(
      chooseKeys({ 'move-down': ['n'] }).find(({ action }) => action === 'move-down')?.label,
    ).toBeUndefined();
  });

  test('that clash are reported with both actions', () => {
    expect(checkKeys({ dismiss: ['x'] })).toEqual([
      {
        action: 'dismiss',
        kind: 'conflict',
        key: 'x',
        message: expect.stringMatching(/x is both (?=.*dismiss)(?=.*mark).*give one of them another key/),
      },
    ]);
  });

  test('may be letters for what prompts have too, which keep their own there', () => {
    const choices = { 'move-down': ['z', 'down'], 'move-up': ['Z'] };
    expect(checkKeys(choices)).toEqual([]);
    const map = new KeyMap(choices);
    expect(map.actionFor('Z', 'signals', noKeyState)).toEqual({ kind: 'action', action: 'move-up' });
    expect(map.actionFor('Z', 'palette', noKeyState)).toBeNull();
    expect(map.actionFor('up', 'palette', noKeyState)).toEqual({ kind: 'action', action: 'move-up' });
    expect(map.actionFor('down', 'palette', noKeyState)).toEqual({ kind: 'action', action: 'move-down' });
  });

  test('that swap are fine', () => {
    expect(checkKeys({ dismiss: ['x'], mark: ['space', 'd'] })).toEqual([]);
  });

  test.each([
    [{ dismis: ['x'] }, 'unknown-action'],
    [{ dismiss: ['strg-x'] }, 'unknown-key'],
    [{ dismiss: [' '] }, 'unknown-key'],
    [{ back: [] }, 'needed'],
    [{ complete: ['z'] }, 'typed'],
    [{ back: ['z'] }, 'typed'],
  ] as const)('%o is a problem: %s', (choices, kind) => {
    expect(checkKeys(choices).map((problem) => problem.kind)).toContain(kind);
  });
});
