// `npm test`: types, formatting, lint, import rules, dead code, unit tests, then the app itself in a browser.
// With UNROLL_REQUIRE_ALL=1 a test that had to be skipped is a failure. Last line: `N passed, N failed`.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildStale, root } from './build.mjs';
import { failedBrowserTests, failedUnitTests } from './test-report.mjs';
import { findChromium, prepareOnnx, preparePython, prepareRay } from './test-tools.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'unroll-test-'));
const requireAll = process.env.UNROLL_REQUIRE_ALL === '1';
const total = { passed: 0, failed: 0, skipped: [] };
/** What failed, by name: said once more at the end, where a log is read first. */
const failures = [];
const notPossible = [];

/** Runs a program of node_modules and resolves to its exit code. */
function npx([name, ...args], environment = {}) {
  return new Promise((resolve) => {
    const env = { ...process.env, ...environment };
    const child = spawn(process.execPath, [pathOf(name), ...args], { cwd: root, stdio: 'inherit', env });
    child.on('exit', (code, signal) => resolve(signal === null ? code : 1));
  });
}

const programs = {
  tsc: ['typescript', 'bin', 'tsc'],
  biome: ['@biomejs', 'biome', 'bin', 'biome'],
  knip: ['knip', 'bin', 'knip.js'],
  vitest: ['vitest', 'vitest.mjs'],
  playwright: ['@playwright', 'test', 'cli.js'],
};
const pathOf = (name) => join(root, 'node_modules', ...programs[name]);

function heading(text) {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 76 - text.length))}`);
}

/** What it prints stands together when it has ended: others are under way beside it. @returns whether it went well */
async function told(name, program, args) {
  const child = spawn(process.execPath, [program, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => output.push(data));
  const ok = (await new Promise((resolve) => child.on('close', resolve))) === 0;
  heading(name);
  process.stdout.write(Buffer.concat(output));
  return ok;
}

async function check(name, [program, ...args]) {
  const ok = await told(name, pathOf(program), args);
  if (ok) console.log(`${name}: fine`);
  total[ok ? 'passed' : 'failed'] += 1;
  if (!ok) failures.push(name);
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

async function unitTests(environment) {
  heading('unit tests');
  const path = join(scratch, 'vitest.json');
  const code = await npx(['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${path}`], environment);
  const report = readReport(path);
  if (report === null) {
    total.failed += 1;
    failures.push('the unit tests did not finish');
    console.log('The unit tests did not finish.');
    return;
  }
  total.passed += report.numPassedTests;
  const failed = failedUnitTests(report, root);
  if (failed.length === 0 && code !== 0) failed.push('the unit tests, by an error outside of a test');
  total.failed += failed.length;
  failures.push(...failed);
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'pending' || test.status === 'skipped' || test.status === 'todo') total.skipped.push(test.fullName);
    }
  }
}

async function endToEnd(chromium) {
  heading('end to end');
  if (chromium === null) {
    notPossible.push(
      'end-to-end tests: no Chromium was found (install one, run `npx playwright install chromium`, or set UNROLL_CHROMIUM to its path)',
    );
    total.skipped.push('all of e2e/');
    return;
  }
  const path = join(scratch, 'playwright.json');
  // Once more for a trace of it, and to tell whether it always fails: what failed once has failed.
  const code = await npx(['playwright', 'test', '-c', 'e2e', '--retries=1', '--fail-on-flaky-tests'], {
    UNROLL_CHROMIUM: chromium,
    PLAYWRIGHT_JSON_OUTPUT_NAME: path,
  });
  const report = readReport(path);
  const stats = report?.stats;
  if (stats === undefined) {
    total.failed += 1;
    failures.push('the end-to-end tests did not finish');
    console.log('The end-to-end tests did not finish.');
    return;
  }
  const failed = failedBrowserTests(report.suites);
  if (failed.length === 0 && code !== 0) failed.push('the end-to-end tests, by an error outside of a test');
  total.passed += stats.expected;
  total.failed += failed.length;
  failures.push(...failed);
  for (let i = 0; i < stats.skipped; i++) total.skipped.push('a test of e2e/');
}

/** What tests need that is not among npm’s packages; what there is none of is told. */
async function findTools() {
  const [python, onnx] = await Promise.all([preparePython(), prepareOnnx()]);
  const ray = await prepareRay(python.path);
  if (python.path === null) notPossible.push(`comparison with real PyTorch: ${python.reason}`);
  else if (!python.pillow)
    notPossible.push(`pictures through exported code: ${python.path} has no Pillow (python3-pil, or pip install pillow)`);
  if (onnx.path === null) notPossible.push(`comparison with onnxruntime: ${onnx.reason}`);
  if (ray.path === null) notPossible.push(`training on a real Ray cluster: ${ray.reason}`);
  return { UNROLL_PYTHON: python.path, UNROLL_ONNX_PYTHON: onnx.path, UNROLL_RAY_PYTHON: ray.path };
}

/** Before the tests, not among them: those that run beside native.test.ts would find its kernels half the time. */
async function prepareApp() {
  try {
    await buildStale({ only: ['engine'] });
  } catch (error) {
    total.failed += 1;
    failures.push('the engine could not be built');
    console.log(`The engine could not be built: ${error.message}`);
    return;
  }
  const setUp = (name, what, ...more) =>
    told(name, join(root, 'dist', 'unroll.js'), ['setup', ...more]).then((ok) => {
      if (!ok) notPossible.push(`${what}: it could not be prepared (why stands at the beginning, under “${name}”)`);
    });
  await Promise.all([setUp('native TensorFlow', 'native TensorFlow'), setUp('Optuna', 'sweeps by Optuna', '--optuna')]);
}

console.log('Checks, and gets ready what tests need, all at once; what each has to say follows when it has ended …');
const [chromium, tools] = await Promise.all([
  findChromium(),
  findTools(),
  prepareApp(),
  check('types', ['tsc', '-p', '.']),
  check('formatting, lint and import rules', ['biome', 'check', '--error-on-warnings', '.']),
  check('dead code', ['knip']),
]);
// Threads and processes that tests start come from what was built, as in the app: from their sources each takes a second to load.
await unitTests({ UNROLL_BUNDLED: '1', ...Object.fromEntries(Object.entries(tools).filter(([, path]) => path !== null)) });
await endToEnd(chromium);
rmSync(scratch, { recursive: true, force: true });

heading('result');
for (const line of notPossible) console.log(`Not possible here: ${line}`);
if (total.skipped.length > 0) {
  console.log(`Skipped${requireAll ? ' (a failure, because UNROLL_REQUIRE_ALL=1)' : ''}:`);
  for (const name of total.skipped) console.log(`  ${name}`);
  if (requireAll) total.failed += total.skipped.length;
}
if (failures.length > 0) console.log('Failed:');
for (const name of failures) console.log(`  ${name}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
