import type { Key } from 'ink';
import { describe, expect, test } from 'vitest';
import { keysOf, splitAlt, typedBy } from '../../source/tui/keys.ts';

const plain: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};

describe('keysOf', () => {
  test.each([
    ['j', {}, ['j']],
    ['jj', {}, ['j', 'j']],
    ['2\rj', {}, ['2', 'enter', 'j']],
    ['d\x04\x15', {}, ['d', 'ctrl-d', 'ctrl-u']],
    ['G g', {}, ['G', 'space', 'g']],
    ['d', { ctrl: true }, ['ctrl-d']],
    ['j', { meta: true }, ['alt-j']],
    ['', { escape: true }, ['esc']],
    ['', { escape: true, meta: true }, ['esc', 'esc']],
    ['', { downArrow: true }, ['down']],
    ['', { tab: true, shift: true }, ['shift-tab']],
    ['\r', { return: true }, ['enter']],
    ['é👍🏽', {}, ['é', '👍🏽']],
    ['j', { eventType: 'release' }, []],
  ] as const)('reads %j as separate keys', (input, key, names) => {
    expect(keysOf(input, { ...plain, ...key })).toEqual(names);
  });
});

test('an unbound alt-x is esc and then x', () => {
  expect(splitAlt('alt-j')).toEqual(['esc', 'j']);
  expect(splitAlt('j')).toBeNull();
});

test('only characters type', () => {
  expect(typedBy('space')).toBe(' ');
  expect(typedBy('é')).toBe('é');
  expect(typedBy('enter')).toBeNull();
  expect(typedBy('ctrl-a')).toBeNull();
});
