// npm run mutate -- FOLDER_OR_FILE… [--tests FOLDER_OR_FILE…]: Stryker changes the code there, one place at a time; a change that no test notices is printed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** The newest that runs on Node 20. Kept out of package.json: only this script needs it. */
const version = '9.6.1';
const packages = ['@stryker-mutator/core', '@stryker-mutator/vitest-runner'];
const { values, positionals } = parseArgs({ allowPositionals: true, options: { tests: { type: 'string', multiple: true } } });
const tidy = (place) => place.replaceAll('\\', '/').replace(/\/$/, '');
const places = positionals.map(tidy);
const absent = [...places, ...(values.tests ?? [])].find((place) => !existsSync(place));
if (places.length === 0 || absent !== undefined) {
  console.error(`npm run mutate -- FOLDER_OR_FILE… [--tests FOLDER_OR_FILE]: ${absent ?? 'no folder'} is not there`);
  process.exit(2);
}

const home = resolve('.cache', 'mutation');
const installed = packages.map((name) => join(home, 'node_modules', name, 'package.json'));
mkdirSync(home, { recursive: true });
if (installed.some((file) => !existsSync(file) || JSON.parse(readFileSync(file, 'utf8')).version !== version)) {
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
  const names = packages.map((name) => `${name}@${version}`);
  // Without its peers: the runner must find the project's own vitest above it, for with a second one its first test run never ends.
  const install = ['install', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund', '--save-exact', ...names];
  const { status } = spawnSync('npm', install, { cwd: home, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}
const [core, runner] = installed.map((file) => dirname(file));

const isFolder = (place) => statSync(place).isDirectory();
for (const place of places) {
  const name = place.replaceAll('/', '-');
  const tests = (values.tests ?? [isFolder(place) ? place : dirname(place)]).map(tidy);
  const include = tests.map((test) => (isFolder(test) ? `${test}/**/*.test.{ts,tsx}` : test));
  const config = join(home, `${name}.vitest.mjs`);
  writeFileSync(config, `export default ${JSON.stringify({ test: { include, testTimeout: 60_000 } })};\n`);
  const sandbox = join('.cache', 'mutation', `sandbox-${name}`);
  const settings = {
    testRunner: 'vitest',
    plugins: [join(runner, 'dist', 'src', 'index.js')],
    vitest: { configFile: config, related: false },
    mutate: isFolder(place) ? [`${place}/**/*.ts`, `!${place}/**/*.{test,test-support}.ts`, `!${place}/**/fixtures/**`] : [place],
    // Words for people are not behaviour, and a literal of a union is the compiler's: a change of it does not compile.
    mutator: { excludedMutations: ['StringLiteral'] },
    // What runs once when a module is loaded cannot be switched in a process that has loaded it.
    ignoreStatic: true,
    coverageAnalysis: 'perTest',
    concurrency: Number(process.env.MUTATE_CONCURRENCY ?? 2),
    incremental: true,
    incrementalFile: `.cache/mutation/${name}.json`,
    tempDirName: sandbox,
    ignorePatterns: ['dist', '.cache', 'test-results', 'playwright-report'],
    tsconfigFile: 'none.json',
    reporters: ['clear-text'],
    clearTextReporter: { allowColor: process.stdout.isTTY === true, reportTests: false },
  };
  const file = join(home, `${name}.settings.json`);
  writeFileSync(file, JSON.stringify(settings, null, 2));
  const { status } = spawnSync(process.execPath, [join(core, 'bin', 'stryker.js'), 'run', file], { stdio: 'inherit' });
  rmSync(sandbox, { recursive: true, force: true });
  if (status !== 0) process.exitCode = status ?? 1;
}
