import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{engine,electron,renderer,templates,bench,scripts}/**/*.test.{ts,tsx,mjs}'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
