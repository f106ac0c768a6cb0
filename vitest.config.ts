import { defineConfig } from 'vitest/config';

/** Files of the shared rooms that need a process of their own all the same. */
const alone = [
  // They take the place of what a module got when it was loaded.
  'refusal',
  'run-notices',
  'seed-series',
  'spectrum',
  'start-training',
  'store',
  // They set what their process finds in its environment.
  'install',
  'ray-trials',
  'ssh',
  'storage',
  'sweep-manager',
  // They measure the memory of their process, or move it into another folder.
  'hostile-requests',
  'large-file',
  // They load TensorFlow’s library with our kernels.
  'health-native',
  'native-training-ops',
  'whole-step',
];

/**
 * Rooms whose tests are run in one process after another, without loading the engine or the window anew for each, which takes longer than
 * most of them do: they share no state but what they read, or set what they look at. Long ones among them are no harm: a process takes the
 * next file when it has ended one.
 */
const shared = [
  'engine/{cells,compile,data,decode,document,export,files,graph,import,inspect,layers,links,lint,machines,manage,metrics,predict,protocol,ray,runs,services,sweep,toolchain,training}',
  'renderer/{app,bridge,canvas,cell-editor,data,documents,export,health,import,insight,inspector,lessons,palette,playground,runs,store,sweep,training,ui,unfold,updates}',
  '{bench,electron,templates}',
].map((rooms) => `${rooms}/**/!(${alone.join('|')}).test.{ts,tsx}`);

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One more than the two processors of a small machine: what waits (for a cluster, a child, a file) lets another one work.
    maxWorkers: 3,
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
