// npm run mutate -- FOLDER_OR_FILE…: Stryker changes the code there, one place at a time; a change that no test of that folder notices is printed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The newest that runs on Node 20. Kept out of package.json: only this script needs it. */
const version = '9.6.1';
const places = process.argv.slice(2).map((place) => place.replaceAll('\\', '/').replace(/\/$/, ''));
if (places.length === 0 || places.some((place) => !existsSync(place))) {
  console.error(
    `npm run mutate -- FOLDER_OR_FILE…: ${places.find((place) => !existsSync(place)) ?? 'no folder'} is not there to be mutated`,
  );
  process.exit(2);
}

const home = resolve('.cache', 'mutation');
const core = join(home, 'node_modules', '@stryker-mutator', 'core');
const installed = join(core, 'package.json');
mkdirSync(home, { recursive: true });
if (!existsSync(installed) || JSON.parse(readFileSync(installed, 'utf8')).version !== version) {
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', `@stryker-mutator/core@${version}`];
  const { status } = spawnSync('npm', install, { cwd: home, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}

for (const place of places) {
  const name = place.replaceAll('/', '-');
  const source = statSync(place).isDirectory() ? [`${place}/**/*.ts`, `!${place}/**/*.test.ts`] : [place];
  const settings = {
    testRunner: 'command',
    commandRunner: {
      command: `node node_modules/vitest/vitest.mjs run ${statSync(place).isDirectory() ? place : place.slice(0, place.lastIndexOf('/'))} --bail 1 --maxWorkers 1`,
    },
    plugins: [],
    mutate: source,
    concurrency: Number(process.env.MUTATE_CONCURRENCY ?? 2),
    incremental: true,
    incrementalFile: `.cache/mutation/${name}.json`,
    tempDirName: '.cache/mutation/sandbox',
    ignorePatterns: ['dist', '.cache', 'test-results', 'playwright-report'],
    tsconfigFile: 'none.json',
    reporters: ['clear-text'],
  };
  const file = join(home, `${name}.settings.json`);
  writeFileSync(file, JSON.stringify(settings, null, 2));
  const { status } = spawnSync(process.execPath, [join(core, 'bin', 'stryker.js'), 'run', file], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = status ?? 1;
}
