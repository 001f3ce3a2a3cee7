import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { secretVariables } from '../../source/config/secrets.ts';

test('every secret that a source may read is one that the configuration hands out', () => {
  const files = globSync('source/{sources,analyzers}/**/*.ts');
  const named = files.flatMap(
    (file) =>
      readFileSync(file, 'utf8').match(/\b[A-Z]{2,}(?:_[A-Z]+)*_(?:KEY|TOKEN|SECRET|PASSWORD|ID)\b/g) ?? [],
  );
  expect(named.length).toBeGreaterThan(8);
  expect([...new Set(named)].filter((name) => !secretVariables.some((known) => known === name))).toEqual([]);
});
