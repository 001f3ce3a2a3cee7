import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // Real sockets, real files and real terminals: generous, never timing assertions.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // CI and colour variables change what Ink draws; every test starts from the same environment.
    env: { CI: '', NO_COLOR: '', FORCE_COLOR: '' },
    coverage: {
      // V8's, with what the program ran as a child process: docs/testing.md.
      provider: 'custom',
      customProviderModule: 'test/coverage/module.ts',
      include: ['source/**', 'migrations/**'],
      reporter: ['text-summary', 'json-summary'],
    },
  },
});
