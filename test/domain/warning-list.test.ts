import { expect, test } from 'vitest';
import { WarningList } from '../../source/domain/warning-list.ts';

test('says each thing once, counts what happens often, and never grows without bound', () => {
  const warnings = new WarningList();
  warnings.add('no key');
  warnings.add('no key');
  warnings.count('refused to look at', 1);
  expect(warnings.list()).toEqual(['no key', 'refused to look at 1 post']);
  warnings.count('refused to look at', 3);
  expect(warnings.list()).toEqual(['no key', 'refused to look at 4 posts']);
  for (let index = 0; index < 1000; index += 1) {
    warnings.add(`failure ${index}`);
    warnings.count(`loss ${index}`, 1);
  }
  warnings.count('refused to look at', 1);
  expect(warnings.list()).toHaveLength(100);
  expect(warnings.list()).toContain('refused to look at 5 posts');
});
