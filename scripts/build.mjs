// `npm run build`: the window, both shells, the engine and the command line, into dist/.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

/**
 * Files beside the code (template texts, native sources) are found through `import.meta.url`. In a bundle that would be the
 * bundle's own place; this gives each module the address that its source has.
 */
const keepModuleAddresses = {
  name: 'keep-module-addresses',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, (args) => {
      const source = readFileSync(args.path, 'utf8');
      if (args.path.includes('node_modules') || !source.includes('import.meta.')) return undefined;
      const output = build.initialOptions.outfile;
      const address = relative(dirname(output), args.path).replaceAll('\\', '/');
      const url = `new URL(${JSON.stringify(address)}, import.meta.url)`;
      const contents = source
        .replaceAll('import.meta.url', `${url}.href`)
        .replaceAll('import.meta.dirname', `__directoryOf(${url})`)
        .replaceAll('import.meta.filename', `__pathOf(${url})`);
      const prelude = contents.includes('__directoryOf(') || contents.includes('__pathOf(') ? pathFunctions : '';
      return { contents: prelude + contents, loader: 'ts' };
    });
  },
};
const pathFunctions = `import { fileURLToPath as __pathOf } from 'node:url';
import { dirname as __parentOf } from 'node:path';
const __directoryOf = (url: URL): string => __parentOf(__pathOf(url));
`;

/**
 * Packages that Node can `require` are required, when they are needed. Importing them would have Node read them first for the names of
 * their exports, TensorFlow.js' megabytes too, which is two thirds of the time that the command line takes to start.
 */
const requirePackages = {
  name: 'require-packages',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'import-statement' && isCommonJs(path) ? { path, namespace: 'required' } : undefined,
    );
    build.onLoad({ filter: /./, namespace: 'required' }, ({ path }) => ({ contents: exportsOf(path), resolveDir: root }));
  },
};

/** Bundled, as few of its files are needed: a hundred of them are read otherwise, half of which say what is wrong in other languages. */
const zodInEnglish = {
  name: 'zod-in-english',
  setup(build) {
    build.onResolve({ filter: /^zod$/ }, () => ({ path: join(root, 'node_modules', 'zod', 'index.js') }));
    build.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: '' }));
  },
};

/** What TensorFlow.js' union package is loaded for, without its layers, converters and the graphics card's backend. */
const stockGradients = {
  name: 'stock-gradients',
  setup(build) {
    const core = dirname(requireHere.resolve('@tensorflow/tfjs-core'));
    const parts = ['register_all_gradients.js', 'public/chained_ops/register_all_chained_ops.js'];
    build.onLoad({ filter: /stock-gradients\.ts$/ }, () => ({
      contents: parts.map((part) => `import ${JSON.stringify(join(core, part))};`).join('\n'),
      resolveDir: root,
    }));
  },
};

const requireHere = createRequire(join(root, 'package.json'));

/** A module with what a package that is required exports, by name. */
function exportsOf(specifier) {
  const names = Object.keys(requireHere(specifier)).filter((name) => name !== 'default' && /^[\w$]+$/.test(name));
  return [
    `const all = require(${JSON.stringify(specifier)});`,
    'export default all;',
    ...names.map((name, i) => `const of${i} = all.${name};\nexport { of${i} as ${name} };`),
  ].join('\n');
}

function isCommonJs(specifier) {
  if (isBuiltin(specifier) || specifier === 'electron') return false;
  const file = requireHere.resolve(specifier);
  if (/\.[cm]js$/.test(file)) return file.endsWith('.cjs');
  const manifest = packageFileOf(dirname(file));
  return JSON.parse(readFileSync(manifest, 'utf8')).type !== 'module';
}

function packageFileOf(directory) {
  const file = join(directory, 'package.json');
  return existsSync(file) ? file : packageFileOf(dirname(directory));
}

const withRequire =
  "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);";

const node = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
  plugins: [stockGradients, zodInEnglish, keepModuleAddresses, requirePackages],
  banner: { js: withRequire },
  // Threads are started from bundles, not from sources that may lie beside them.
  define: { 'process.env.UNROLL_BUNDLED': '"1"' },
};

/** Threads are started from their text, as scripts: CommonJS, with everything in them. They find no files beside themselves. */
const thread = {
  ...node,
  format: 'cjs',
  packages: 'bundle',
  plugins: [stockGradients, zodInEnglish, keepModuleAddresses],
  banner: {},
  logOverride: { 'empty-import-meta': 'silent' },
};

const bundles = [
  { ...node, entryPoints: ['engine/main.ts'], outfile: join(dist, 'engine.js') },
  {
    ...node,
    entryPoints: ['engine/cli.ts'],
    outfile: join(dist, 'unroll.js'),
    banner: { js: `#!/usr/bin/env node\n${withRequire}` },
  },
  { ...node, entryPoints: ['engine/backends/native/verify-native.tf.ts'], outfile: join(dist, 'verify-native.js') },
  { ...node, entryPoints: ['engine/sweep/trial-process.ts'], outfile: join(dist, 'trial-process.js') },
  { ...thread, entryPoints: ['engine/data/ahead/batch-thread.ts'], outfile: join(dist, 'batch-thread.cjs') },
  { ...thread, entryPoints: ['engine/data/media/media-thread.ts'], outfile: join(dist, 'media-thread.cjs') },
  { ...thread, entryPoints: ['engine/inspect/analysis/analysis-thread.ts'], outfile: join(dist, 'analysis-thread.cjs') },
  { ...node, entryPoints: ['electron/host/host.ts'], outfile: join(dist, 'host.js') },
  {
    ...node,
    entryPoints: ['electron/main.ts'],
    outfile: join(dist, 'electron', 'main.js'),
    external: ['electron'],
  },
  {
    ...node,
    entryPoints: ['electron/preload.ts'],
    outfile: join(dist, 'electron', 'preload.cjs'),
    external: ['electron'],
    format: 'cjs', // A sandboxed preload script is CommonJS.
    packages: 'bundle',
    plugins: [],
    banner: {},
  },
];

/** Newest change below these paths, in ms since the epoch. */
function newest(paths) {
  let latest = 0;
  for (const path of paths) {
    const facts = statSync(path, { throwIfNoEntry: false });
    if (!facts) continue;
    if (facts.isDirectory()) latest = Math.max(latest, newest(readdirSync(path).map((name) => join(path, name))));
    else if (!/\.(test|spec)\.(tsx?|mjs)$/.test(path)) latest = Math.max(latest, facts.mtimeMs);
  }
  return latest;
}

const inRoot = (...names) => names.map((name) => join(root, name));
const stampOf = (part) => join(dist, `.built-${part}`);
const isStale = (part, sources) => {
  const built = statSync(stampOf(part), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return newest(sources) > built;
};

async function buildNode() {
  const { build } = await import('esbuild');
  await Promise.all(bundles.map((options) => build({ absWorkingDir: root, ...options })));
}

/** A script with all of our sources that it imports, in one file that Node runs. */
export async function bundleScript(source, outfile) {
  const { build } = await import('esbuild');
  await build({ absWorkingDir: root, ...node, sourcemap: false, entryPoints: [source], outfile });
}

async function buildRenderer() {
  const { build } = await import('vite');
  await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
}

const parts = [
  {
    name: 'engine',
    what: 'the engine, the command line and the shells',
    sources: inRoot('engine', 'electron', 'templates', 'scripts/build.mjs', 'package-lock.json'),
    build: buildNode,
  },
  {
    name: 'window',
    what: 'the window',
    sources: inRoot('renderer', 'engine', 'vite.config.ts', 'package-lock.json'),
    build: buildRenderer,
  },
];

/** Builds what is older than its sources; `only` names the parts. */
export async function buildStale({ all = false, only = parts.map(({ name }) => name), log = console.error } = {}) {
  for (const part of parts.filter(({ name }) => only.includes(name))) {
    if (!all && !isStale(part.name, part.sources)) continue;
    const started = new Date();
    await part.build();
    writeFileSync(stampOf(part.name), `${started.toISOString()}\n`);
    log(`Built ${part.what} in ${((Date.now() - started.getTime()) / 1000).toFixed(1)} s.`);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await buildStale({ all: true });
