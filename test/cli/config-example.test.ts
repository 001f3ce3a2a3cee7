import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { exampleConfig } from '../../source/cli/config-example.ts';

it('prints the example that comes with the program, whole', () => {
  const file = readFileSync(new URL('../../config.example.yaml', import.meta.url), 'utf8');
  expect(`${exampleConfig()}\n`).toBe(file);
  expect(Object.keys(parse(exampleConfig()))).toContain('store');
});
