import { describe, expect, test } from 'vitest';
import { parseArguments } from '../source/cli/parse.ts';
import { documentedCommands, wordsOf } from './documented-commands.ts';

const documented = documentedCommands();

describe('the documents', () => {
  test('show many calls of the program', () => {
    expect(documented.length).toBeGreaterThan(80);
  });

  test.each(documented.map(({ file, line, argv }) => [`${file}:${line}`, argv.join(' '), argv] as const))(
    '%s: "signal-harvester %s" is a call that the program takes',
    async (_place, _words, argv) => {
      await expect(parseArguments(argv)).resolves.toBeDefined();
    },
  );

  test('are read as a shell reads them', () => {
    expect(wordsOf(` list 'category:bug -is:echo' --json > out.json # a remark`)).toEqual([
      'list',
      'category:bug -is:echo',
      '--json',
    ]);
  });
});
