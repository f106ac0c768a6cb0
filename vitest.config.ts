import { defineConfig } from 'vitest/config';

/** Files that share no state but what they read: they are run in one process after another without loading the engine anew for each. */
const shared = ['cells', 'data', 'document', 'files', 'graph', 'lint', 'protocol', 'runs'].map(
  (room) => `engine/${room}/**/*.test.ts`,
);

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'shared', include: shared, isolate: false } },
      {
        extends: true,
        test: {
          name: 'isolated',
          include: ['{engine,electron,renderer,templates,bench,scripts}/**/*.test.{ts,tsx,mjs}'],
          exclude: [...shared, '**/node_modules/**'],
        },
      },
    ],
  },
});
