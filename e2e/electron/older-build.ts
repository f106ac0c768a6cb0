import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { build as buildWindow } from 'vite';

const root = join(import.meta.dirname, '..', '..');

/** The module `electron` is our stand-in, which alone sees the real one. */
const standIn = (file: string): Plugin => ({
  name: 'older-electron',
  setup(builder) {
    builder.onResolve({ filter: /^electron$/ }, ({ importer }) =>
      importer.endsWith(file) ? { path: 'electron', external: true } : { path: join(import.meta.dirname, file) },
    );
  },
});

const olderPromises: Plugin = {
  name: 'fs-promises',
  setup(builder) {
    builder.onResolve({ filter: /^node:fs\/promises$/ }, ({ path }) => ({ path, namespace: 'older' }));
    builder.onLoad({ filter: /.*/, namespace: 'older' }, () => ({ contents: "module.exports = require('fs').promises;" }));
  },
};

/** The app for Electron 9 (Node 12, Chromium 83) in `folder`, main script `electron/main.cjs`: the same sources, in older JavaScript, with what is lacking filled in. */
export async function buildForOlderElectron(folder: string): Promise<void> {
  const common: BuildOptions = { absWorkingDir: root, bundle: true, logLevel: 'warning' };
  const inMain: BuildOptions = { ...common, platform: 'node', format: 'cjs', target: 'node12' };
  for (const script of ['engine.js', 'trial-process.js'])
    await build({
      ...common,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      entryPoints: ['e2e/electron/older-engine.ts'],
      outfile: join(folder, script),
      banner: { js: `process.env['UNROLL_BUILT_ENGINE'] = ${JSON.stringify(join(root, 'dist', script))};` },
    });
  await build({
    ...inMain,
    entryPoints: ['electron/main.ts'],
    outfile: join(folder, 'electron', 'main.cjs'),
    plugins: [standIn('older-main.ts'), olderPromises],
    define: { 'import.meta.url': '__moduleAddress' },
    banner: { js: "const __moduleAddress = require('url').pathToFileURL(__filename).href;" },
  });
  await build({
    ...inMain,
    entryPoints: ['electron/preload.ts'],
    outfile: join(folder, 'electron', 'preload.cjs'),
    plugins: [standIn('older-preload.ts')],
  });
  await buildWindow({
    configFile: join(root, 'vite.config.ts'),
    root: join(root, 'renderer'),
    logLevel: 'warn',
    build: { outDir: join(folder, 'renderer'), target: 'chrome83', emptyOutDir: true },
    plugins: [
      {
        name: 'older-window',
        transformIndexHtml: () => [{ tag: 'script', attrs: { src: './older-window.js' }, injectTo: 'head-prepend' }],
      },
    ],
  });
  await build({
    ...common,
    entryPoints: ['e2e/electron/older-window.ts'],
    outfile: join(folder, 'renderer', 'older-window.js'),
    platform: 'browser',
    format: 'iife',
    target: 'chrome83',
  });
}
