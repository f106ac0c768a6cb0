// `npm test`: static checks, unit tests, then the tests in a browser. Prepares what it can with the machine's own package
// clients, says plainly what was not possible, and closes with `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildStale, root } from './build.mjs';
import { findChromium, findTorch, prepareNative } from './test-tools.mjs';

const required = process.env.UNROLL_REQUIRE_ALL === '1';
const scratch = mkdtempSync(join(tmpdir(), 'unroll-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
const notes = [];

const title = (text) => console.log(`\n── ${text}`);

function count(passed, failed, skipped = 0) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

/** Runs a program of node_modules/.bin with the window's output; returns its exit code. */
function run(name, args, environment = {}) {
  const program = join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
  const result = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, ...environment },
  });
  if (result.error) console.error(`${name} did not start: ${result.error.message}`);
  return result.status ?? 1;
}

function check(what, name, args) {
  title(what);
  const passed = run(name, args) === 0;
  count(passed ? 1 : 0, passed ? 0 : 1);
}

/** Something a suite needs and this machine lacks. */
function missing(what, hint) {
  notes.push(`Not possible here: ${what}. ${hint}`);
  console.log(notes.at(-1));
  if (required) count(0, 1);
}

function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

function unitTests(environment) {
  title('Unit tests');
  const report = join(scratch, 'unit.json');
  const code = run('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`], environment);
  const result = readReport(report);
  if (result === null) return count(0, 1);
  // A file that could not even be loaded counts as one failure: it holds tests that did not run.
  const broken = result.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  const failed = result.numFailedTests + broken;
  const skipped = result.numPendingTests + result.numTodoTests;
  count(result.numPassedTests, failed, skipped);
  if (code !== 0 && failed === 0) count(0, 1);
  if (required && skipped > 0) count(0, skipped);
}

async function browserTests(chromium) {
  title('Tests in a browser');
  await buildStale({ log: console.log });
  const report = join(scratch, 'browser.json');
  const code = run('playwright', ['test', '-c', 'e2e', '--reporter=list,json'], {
    UNROLL_CHROMIUM: chromium,
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  });
  const stats = readReport(report)?.stats;
  if (!stats) return count(0, 1);
  count(stats.expected + stats.flaky, stats.unexpected, stats.skipped);
  if (stats.flaky > 0) notes.push(`${stats.flaky} browser tests passed only on a second try.`);
  if (code !== 0 && stats.unexpected === 0) count(0, 1);
  if (required && stats.skipped > 0) count(0, stats.skipped);
}

process.chdir(root);
title('What this machine has');
const torch = findTorch();
if (torch === null) missing('comparing exports with real PyTorch', 'Install torch for python3 (`apt install python3-torch`, or `pip install torch`).');
else console.log(`PyTorch ${torch.version} in ${torch.python}`);
const chromium = findChromium();
if (chromium === null) missing('tests in a browser', 'Install Chromium or Chrome, or run `npx playwright install chromium`.');
else console.log(`Browser: ${chromium}`);
const native = prepareNative();
if (native.ready) console.log(`Native TensorFlow: ${native.reason}`);
else missing('tests on native TensorFlow', native.reason);

check('Types', 'tsc', ['-p', '.']);
check('Formatting, lint and import rules', 'biome', ['check', '--error-on-warnings', '.']);
check('Dead code', 'knip', []);
unitTests(torch === null ? {} : { UNROLL_PYTHON: torch.python });
if (chromium !== null) await browserTests(chromium);

rmSync(scratch, { recursive: true, force: true });
title('Result');
for (const note of notes) console.log(note);
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed > 0 ? 1 : 0);
