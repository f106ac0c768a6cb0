import { defineConfig } from 'vitest/config';

/**
 * Rooms whose tests are run in one process after another, without loading the engine or the window anew for each: they share no state
 * but what they read, or set what they look at. Tests that take the place of what a module got when it was loaded are not among them.
 * They are dealt out to the processes beforehand, after all others: a file that takes half a minute would be waited for.
 */
const shared = [
  'engine/{cells,compile,data,decode,document,files,graph,layers,lint,metrics,predict,protocol,runs}',
  'renderer/{app,canvas,cell-editor,export,inspector,lessons,palette,playground,store,ui,updates}',
].map((rooms) => `${rooms}/**/!(large-file).test.{ts,tsx}`);

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
