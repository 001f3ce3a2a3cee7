import { defineConfig } from 'vitest/config';

/**
 * The tests that a mutant of `source/domain` or `source/pipeline` has to face: those that run in this
 * process alone. What starts processes, terminals or servers would take minutes a mutant.
 * MUTATION_TESTS (paths, by commas) narrows them, which makes a run over one file start sooner.
 */
const { MUTATION_TESTS } = process.env;

export default defineConfig({
  test: {
    include: MUTATION_TESTS?.split(',') ?? ['test/domain/*.test.ts', 'test/pipeline/*.test.ts'],
    exclude: ['test/pipeline/kill.test.ts'],
    testTimeout: 30_000,
    env: { CI: '', NO_COLOR: '', FORCE_COLOR: '' },
  },
});
