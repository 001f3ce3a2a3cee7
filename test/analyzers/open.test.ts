import { expect, test } from 'vitest';
import { openAnalyzers } from '../../source/analyzers/open.ts';

test('the configured analyzers are opened in their order', () => {
  expect(openAnalyzers({ analyzers: ['offline'] }).map(({ name }) => name)).toEqual(['offline']);
});

test('an analyzer that does not exist is an error with the names that do', () => {
  expect(() => openAnalyzers({ analyzers: ['oracle'] })).toThrow(
    expect.objectContaining({ code: 'analyzer-unknown', fix: 'Use one of: offline.' }),
  );
});
