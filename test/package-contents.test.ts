import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const megabyte = 1_000_000;

describe('what is published', () => {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  ) as [{ size: number; unpackedSize: number; files: { path: string }[] }];
  const paths = packed.files.map(({ path }) => path);

  test('is small', () => {
    expect(packed.size).toBeLessThan(3 * megabyte);
    expect(packed.unpackedSize).toBeLessThan(12 * megabyte);
  });

  test('is the program, its manual page, the sample, the licences, and nothing that is for developers', () => {
    const folders = new Set(paths.map((path) => path.split('/')[0]));
    expect([...folders].sort()).toEqual(
      ['LICENSE', 'README.md', 'bin', 'config.example.yaml', 'demo', 'dist', 'man', 'package.json'].sort(),
    );
    for (const path of ['man/signal-harvester.1', 'dist/licenses.txt', 'dist/help.txt'])
      expect(paths).toContain(path);
    expect(paths.filter((path) => /\.(?:ts|tsx|map|test\.\w+)$/.test(path))).toEqual([]);
  });

  test('has its manual page where npm links it for man', () => {
    // npm 11 leaves out a path that is not in a list.
    expect(read('package.json').man).toEqual(['./man/signal-harvester.1']);
    expect(paths).toContain('man/signal-harvester.1');
  });
});

describe('what an installation brings along', () => {
  interface Locked {
    readonly dev?: boolean;
    readonly devOptional?: boolean;
    readonly hasInstallScript?: boolean;
  }
  const { packages } = read('package-lock.json') as { packages: Record<string, Locked> };
  const production = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);

  test('runs no script of any package', () => {
    expect(production.length).toBeGreaterThan(20);
    expect(production.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual(
      [],
    );
    const gyp = production.filter(([path]) => globSync(`${path}/binding.gyp`, { cwd: root }).length > 0);
    // Packages with a binding.gyp are compiled by npm even without a script, unless they say otherwise.
    for (const [path] of gyp) expect([path, read(`${path}/package.json`).gypfile]).toEqual([path, false]);
  });

  test('is all that the bundle imports, and no more', () => {
    const { dependencies } = read('package.json') as { dependencies: Record<string, string> };
    const imported = globSync('dist/*.js', { cwd: root }).flatMap((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      // The bundle has no more white space than it needs.
      const statements = text.matchAll(
        /(?<![\w$.])import\s*(?:[\w$*{][^'"`;()]*?)?\bfrom\s*"([@\w][\w@./:-]*)"\s*;|\bimport\("([@\w][\w@./:-]*)"\)/g,
      );
      return [...statements].map(([, one, other]) => one ?? other ?? '');
    });
    const names = new Set(
      imported
        .filter((name) => !isBuiltin(name))
        .map((name) =>
          name
            .split('/')
            .slice(0, name.startsWith('@') ? 2 : 1)
            .join('/'),
        ),
    );
    expect([...names].sort()).toEqual(Object.keys(dependencies).sort());
  });
});
