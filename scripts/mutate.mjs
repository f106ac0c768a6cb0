// npm run mutate -- FOLDER_OR_FILE… [--tests FOLDER_OR_FILE…] [--sample N [--seed S]] [--fresh]: Stryker changes the code there, one place at a
// time; a change that no test notices is printed. A sample is of N changes of each file, the same ones for the same seed. With --fresh the
// program's own modules are evaluated anew for each change: needed where they remember what they made for a text or a number.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

/** The newest that runs on Node 20. Kept out of package.json: only this script needs it. */
const version = '9.6.1';
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tests: { type: 'string', multiple: true },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    fresh: { type: 'boolean', default: false },
  },
});
const tidy = (place) => place.replaceAll('\\', '/').replace(/\/$/, '');
const places = positionals.map(tidy);
const sample = values.sample === undefined ? null : Number(values.sample);
const absent = [...places, ...(values.tests ?? [])].find((place) => !existsSync(place));
if (places.length === 0 || absent !== undefined || (sample !== null && !(Number.isInteger(sample) && sample > 0))) {
  const wrong =
    places.length === 0
      ? 'no folder'
      : absent === undefined
        ? `--sample ${values.sample} is no number`
        : `${absent} is not there`;
  console.error(`npm run mutate -- FOLDER_OR_FILE… [--tests FOLDER_OR_FILE…] [--sample N [--seed S]] [--fresh]: ${wrong}`);
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

const isFolder = (place) => statSync(place).isDirectory();
const changed = [...new Set(places.flatMap(filesOf))];
const longName = [...places, ...(sample === null ? [] : [`${sample}-${values.seed}`])].join('+').replaceAll('/', '-');
const name = longName.length < 100 ? longName : createHash('sha256').update(longName).digest('hex').slice(0, 16);
const tests = (values.tests ?? places.map((place) => (isFolder(place) ? place : dirname(place)))).map(tidy);
const include = tests.map((test) => (isFolder(test) ? `${test}/**/*.test.{ts,tsx}` : test));
const config = join(home, `${name}.vitest.mjs`);
writeFileSync(config, `export default ${JSON.stringify({ test: { include, testTimeout: 20_000 } })};\n`);
const sandbox = join('.cache', 'mutation', `sandbox-${name}`);
// Words for people are not behaviour, and a literal of a union is the compiler's: a change of it does not compile.
const mutator = { excludedMutations: ['StringLiteral'] };
const settings = {
  testRunner: 'kept-vitest',
  plugins: [resolve('scripts', 'mutation', 'mutation-runner.mjs')],
  vitest: { configFile: config, fresh: values.fresh },
  warnings: { unknownOptions: false },
  mutate: changed,
  mutator,
  // What runs once when a module is loaded cannot be switched in a process that has loaded it.
  ignoreStatic: true,
  coverageAnalysis: 'perTest',
  concurrency: Number(process.env.MUTATE_CONCURRENCY ?? 2),
  // Beside other work a test may take several times as long as it did before.
  timeoutFactor: 4,
  incremental: true,
  incrementalFile: `.cache/mutation/${name}.json`,
  tempDirName: sandbox,
  ignorePatterns: ['dist', '.cache', 'test-results', 'playwright-report'],
  tsconfigFile: 'none.json',
  reporters: ['clear-text', process.stdout.isTTY === true ? 'progress' : 'progress-append-only'],
  clearTextReporter: { allowColor: process.stdout.isTTY === true, reportTests: false },
  ...(sample === null ? {} : { checkers: ['sample'], sample: await drawSample(sample) }),
};
const file = join(home, `${name}.settings.json`);
writeFileSync(file, JSON.stringify(settings, null, 2));
const { status } = spawnSync(process.execPath, [join(core, 'bin', 'stryker.js'), 'run', file], { stdio: 'inherit' });
rmSync(sandbox, { recursive: true, force: true });
if (sample !== null)
  console.log(`Of each file a sample of ${sample} changes (seed ${values.seed}); those left out are counted as errors above.`);
process.exitCode = status ?? 1;

function filesOf(place) {
  if (!isFolder(place)) return [place];
  const inside = readdirSync(place, { recursive: true }).map((file) => `${place}/${tidy(file)}`);
  return inside.filter((file) => /\.tsx?$/.test(file) && !/\.(test|test-support|d)\.|\.tsx$|\/fixtures\//.test(file)).sort();
}

/** The changes that are tried, as `mutation-runner.mjs` names them: those whose hashes with the seed come first. */
async function drawSample(count) {
  const { Instrumenter } = await import(
    pathToFileURL(join(home, 'node_modules', '@stryker-mutator', 'instrumenter', 'dist', 'src', 'index.js')).href
  );
  const { nameOfChange } = await import('./mutation/mutation-runner.mjs');
  const quiet = { info() {}, debug() {}, isDebugEnabled: () => false };
  const options = { ...mutator, plugins: null, ignorers: [], noHeader: false };
  const hash = (change) => createHash('sha256').update(`${values.seed} ${change}`).digest('hex');
  const drawn = [];
  for (const path of changed) {
    const source = { name: resolve(path), mutate: true, content: readFileSync(path, 'utf8') };
    const { mutants } = await new Instrumenter(quiet).instrument([source], options);
    const changes = mutants.filter(({ status }) => status === undefined).map((mutant) => nameOfChange(mutant));
    const first = changes.map((change) => [hash(change), change]).sort(([one], [other]) => (one < other ? -1 : 1));
    drawn.push(...first.slice(0, count).map(([, change]) => change));
    console.log(`${path}: ${Math.min(count, changes.length)} of ${changes.length} changes`);
  }
  return drawn;
}
