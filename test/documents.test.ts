import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseArguments } from '../source/cli/parse.ts';
import { settingsJsonSchema } from '../source/config/json-schema.ts';
import { loadConfig } from '../source/config/load.ts';
import { secretVariables } from '../source/config/secrets.ts';
import { analyzerNames } from '../source/domain/analyzer-names.ts';
import { sourceKinds, sourceSchema } from '../source/sources/open.ts';
import { makeFolder } from './config/folder.ts';
import {
  documentedCommands,
  documentPages,
  type FencedBlock,
  fencedBlocks,
  wordsOf,
} from './documented-commands.ts';
import { notRunHere, notYaml } from './documented-exceptions.ts';

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

describe('the examples of the documents', () => {
  const blocks = fencedBlocks();
  const settings = Object.keys(settingsJsonSchema(sourceSchema).properties ?? {});
  const named = (wanted: string) =>
    blocks.filter(({ language }) => language === wanted).map((block) => [block.place, block] as const);
  /** Examples of a part name what stands in another part of the file. */
  const around =
    'notifiers: [{ name: team, kind: stdout }]\nsources: [{ name: hn, kind: demo }, { name: reviews, kind: demo }]\n';

  test.each(named('yaml').filter(([, { text }]) => isConfiguration(text)))(
    '%s is a configuration',
    (_place, { text }) => {
      const given = Object.keys(parse(text) as object);
      const missing = around.split('\n').filter((line) => !given.includes(line.split(':')[0] ?? ''));
      const folder = makeFolder({ 'config.yaml': `${missing.join('\n')}\n${text}` });
      const { path } = loadConfig({ sourceSchema, cwd: folder, env: {} });
      expect(path).not.toBeNull();
    },
  );

  function isConfiguration(text: string): boolean {
    const read = parse(text) as unknown;
    return (
      typeof read === 'object' &&
      read !== null &&
      Object.keys(read).every((key) => [...settings, 'profiles'].includes(key))
    );
  }

  test('in YAML are configurations, but for what belongs to other programs', () => {
    const others = named('yaml').filter(([, { text }]) => !isConfiguration(text));
    expect(others.map(([, { text }]) => text.split('\n')[0]).toSorted()).toEqual(
      notYaml.map(({ is }) => is).toSorted(),
    );
  });

  test.each(named('json'))('%s is JSON', (_place, { text }) => {
    for (const part of text.split(/\n(?=\{)/)) expect(() => JSON.parse(part)).not.toThrow();
  });

  test('of a shell are calls of the program, or named with the reason why they are not run', () => {
    const others = named('sh')
      .filter(([, { mark }]) => !mark.startsWith('example'))
      .flatMap(([, block]) => otherCommands(block));
    const known = notRunHere.map(({ is }) => is);
    expect(others.filter((line) => !known.some((is) => line.startsWith(is)))).toEqual([]);
    expect(known.filter((is) => !others.some((line) => line.startsWith(is)))).toEqual([]);
  });

  function otherCommands({ text }: FencedBlock): readonly string[] {
    return text
      .replaceAll('\\\n', ' ')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !/(^|[ (/])signal-harvester( |$)/.test(line));
  }

  test('name files of the project that are there', () => {
    const lines = blocks.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.split('\n'));
    const paths = lines.flatMap(
      (line) =>
        line.match(/(?<![\w/.-])(?:(?:test|source|scripts|bench)\/[\w./*-]+|deploy\/[\w./*-]+\.\w+)/g) ?? [],
    );
    expect(paths.length).toBeGreaterThan(3);
    expect(
      paths.filter((path) => !path.includes('*') && !existsSync(new URL(`../${path}`, import.meta.url))),
    ).toEqual([]);
  });
});

describe('the pages', () => {
  const pages = documentPages();

  test.each(pages.map(({ file, text }) => [file, text] as const))(
    '%s links to pages and headings that are there',
    (file, text) => {
      const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
      const broken = links.flatMap(([link, path = '', anchor]) => {
        const target = new URL(path, new URL(`../${file}`, import.meta.url));
        if (path !== '' && !existsSync(target)) return [link];
        if (anchor === undefined) return [];
        const page =
          path === '' ? text : pages.find((each) => target.pathname.endsWith(`/${each.file}`))?.text;
        return page !== undefined && anchorsOf(page).includes(anchor) ? [] : [link];
      });
      expect(broken).toEqual([]);
    },
  );

  test('are all linked from the README', () => {
    const readme = pages.find(({ file }) => file === 'README.md')?.text ?? '';
    const own = pages.filter(({ file }) => /^docs\/[\w-]+\.md$/.test(file));
    expect(own.map(({ file }) => file).filter((file) => !readme.includes(`](${file}`))).toEqual([]);
  });

  /** As GitHub makes them. */
  function anchorsOf(page: string): readonly string[] {
    const seen = new Map<string, number>();
    return [...page.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => {
      const anchor = heading
        .toLowerCase()
        .trim()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-');
      const times = seen.get(anchor) ?? 0;
      seen.set(anchor, times + 1);
      return times === 0 ? anchor : `${anchor}-${times}`;
    });
  }
});

describe('the steps of CONTRIBUTING.md', () => {
  const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
  const notifierKinds = (settingsJsonSchema(sourceSchema).properties?.notifiers?.items?.oneOf ?? []).map(
    ({ properties }) => String(properties?.kind?.const),
  );

  test.each(notifierKinds)('were followed for the notifier %s', (kind) => {
    expect(read('test/notifiers/contract.test.ts')).toContain(`notifierContract('${kind}'`);
    expect(read('docs/notifications.md')).toMatch(new RegExp(`^\\| \\[?\`${kind}\``, 'm'));
  });

  test.each(sourceKinds.map(({ kind }) => kind))('were followed for the source %s', (kind) => {
    expect(existsSync(new URL(`sources/${kind}.test.ts`, import.meta.url))).toBe(true);
  });

  test.each(analyzerNames)('were followed for the analyzer %s', (name) => {
    expect(read('docs/models.md')).toMatch(new RegExp(`^\\| \`${name}\``, 'm'));
    expect(read('docs/search.md')).toMatch(new RegExp(`^\\| \`analyzer:\` \\|.*\`${name}\``, 'm'));
  });

  test.each(secretVariables)('were followed for the secret %s', (variable) => {
    expect(read('docs/configuration.md')).toContain(`\`${variable}\``);
    expect(read('config.example.yaml').slice(0, read('config.example.yaml').indexOf('topic:'))).toContain(
      variable,
    );
  });

  test('name files that are there', () => {
    const named = [...read('CONTRIBUTING.md').matchAll(/`((?:source|test|docs|scripts)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !existsSync(new URL(`../${path}`, import.meta.url)))).toEqual([]);
  });
});
