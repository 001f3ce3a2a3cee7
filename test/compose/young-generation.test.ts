import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const module = new URL('../../source/compose/young-generation.ts', import.meta.url);

/** In a process of its own: the flag cannot be taken back from this one. */
function youngMegabytes(keepSmall: boolean): { readonly mb: number; readonly said: string } {
  const script = `
    import { getHeapSpaceStatistics } from 'node:v8';
    ${keepSmall ? `import { keepYoungGenerationSmall } from ${JSON.stringify(fileURLToPath(module))}; keepYoungGenerationSmall(0);` : ''}
    await new Promise((resolve) => setTimeout(resolve, 20));
    let kept = [];
    for (let index = 0; index < 2_000_000; index += 1) {
      kept.push({ index, pair: [index, index + 1], name: 'x' + index });
      if (kept.length > 20_000) kept = [];
    }
    const { space_size } = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
    process.stdout.write(String(space_size / 2 ** 20));
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  });
  return { mb: Number(stdout), said: stderr };
}

test('the room for young objects stays as it is, which is less than it would become', () => {
  const small = youngMegabytes(true);

  expect(small.said).toBe('');
  expect(small.mb).toBeGreaterThan(0);
  expect(small.mb * 4).toBeLessThanOrEqual(youngMegabytes(false).mb);
});
