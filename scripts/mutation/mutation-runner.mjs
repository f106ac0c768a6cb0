// Stryker's test runner for `npm run mutate`: one thread of vitest stays, with the program loaded, and runs the tests of each change.
// Stryker's own begins a thread and loads the program for each change, which takes a hundred times as long as most tests do.
import { once } from 'node:events';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BroadcastChannel } from 'node:worker_threads';
import { createVitest } from 'vitest/node';

class KeptVitest {
  static inject = ['options'];
  #options;
  #vitest = null;
  #channel = null;
  #files = [];
  #running = null;
  /** Tests that take more than 50 ms. */
  #slow = new Set();

  constructor(options) {
    this.#options = options.vitest;
  }

  /** Changes of what runs once, when a module is loaded, are not tried. */
  capabilities() {
    return { reloadEnvironment: false };
  }

  async init() {
    process.env.NODE_ENV = 'test';
    process.env.VITEST = '1';
    const runner = fileURLToPath(new URL('./kept-tests.mjs', import.meta.url));
    const only = {
      pool: 'threads',
      isolate: false,
      maxWorkers: 1,
      maxConcurrency: 1,
      watch: false,
      coverage: { enabled: false },
    };
    const quiet = { reporters: [{}], onConsoleLog: () => false };
    this.#vitest = await createVitest('test', { ...only, ...quiet, config: this.#options.configFile, runner });
    const name = `mutation-${process.pid}-${performance.now()}`;
    this.#vitest.provide('channel', name);
    this.#vitest.provide('fresh', this.#options.fresh);
    this.#channel = new BroadcastChannel(name);
    const ready = this.#answer();
    const specs = await this.#vitest.globTestSpecifications();
    this.#files = specs.map(({ moduleId }) => moduleId).sort();
    this.#running = this.#vitest.runTestSpecifications(specs.slice(0, 1));
    const ended = this.#running.then(() => Promise.reject(this.#unhandled() ?? 'vitest ended before it was asked for a test'));
    await Promise.race([ready, ended]);
    ended.catch(() => undefined);
  }

  async dryRun() {
    const run = await this.#ask({ specs: this.#files.map((filepath) => ({ filepath })) });
    const failure = run.error ?? run.errors[0];
    if (failure !== undefined) return { status: 'error', errorMessage: failure };
    const tests = run.tests.map(({ id, name, file, ms, state, message }) => ({
      id: `${file}#${id}`,
      name,
      fileName: file,
      timeSpentMs: ms,
      ...(state === 'fail' ? { status: 1, failureMessage: message ?? '' } : { status: state === 'pass' ? 0 : 2 }),
    }));
    this.#slow = new Set(tests.filter(({ timeSpentMs }) => timeSpentMs > 50).map(({ id }) => id));
    const fileOf = new Map(run.tests.map(({ id, file }) => [id, file]));
    const { static: loaded = {}, perTest = {} } = run.coverage ?? {};
    const named = Object.fromEntries(Object.entries(perTest).map(([id, hits]) => [`${fileOf.get(id)}#${id}`, hits]));
    return { status: 'complete', tests, mutantCoverage: { static: loaded, perTest: named } };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }) {
    const slow = (id) => (this.#slow.has(id) ? 1 : 0);
    const [quick, rest] = [0, 1].map((which) => testFilter?.filter((id) => slow(id) === which));
    // Most changes are noticed by a test that takes no time.
    for (const some of testFilter === undefined ? [undefined] : [quick, rest].filter(({ length }) => length > 0)) {
      const run = await this.#mutantRun(some, activeMutant, hitLimit);
      if (run.status !== 'survived') return run;
    }
    return { status: 'survived', nrOfTests: testFilter?.length ?? this.#files.length };
  }

  async #mutantRun(testFilter, activeMutant, hitLimit) {
    const specs = this.#specs(testFilter);
    const run = await this.#try(specs, activeMutant.id, hitLimit);
    if (run.status === 'survived' || !(await this.#dirty(specs, run))) return run;
    // It was this change or one before it: tried again with everything loaded anew.
    await this.dispose();
    await this.init();
    const again = await this.#try(specs, activeMutant.id, hitLimit);
    await this.dispose();
    await this.init();
    return again;
  }

  /** Whether tests fail with no change switched on, because a change left something behind in the program that stays. */
  async #dirty(specs, { ran }) {
    const same = specs.map(({ filepath, testIds }) => ({ filepath, testIds: testIds?.filter((id) => ran.has(id)) }));
    const { tests, errors, error } = await this.#ask({
      specs: same.filter(({ testIds }) => testIds === undefined || testIds.length > 0),
    });
    return error !== undefined || errors.length > 0 || tests.some(({ state }) => state === 'fail');
  }

  async #try(specs, mutant, hitLimit) {
    const { tests = [], errors = [], error, hitCount = 0 } = await this.#ask({ specs, mutant, hitLimit });
    const ran = new Set(tests.map(({ id }) => id));
    if (hitLimit !== undefined && hitCount > hitLimit) return { status: 'timeout', reason: `reached ${hitCount} times`, ran };
    const failed = tests.find(({ state }) => state === 'fail');
    const unhandled = this.#unhandled();
    const message = failed ? (failed.message ?? '') : (error ?? errors[0] ?? unhandled);
    if (message === undefined) return { status: 'survived', nrOfTests: tests.length, ran };
    const killedBy = [failed ? `${failed.file}#${failed.id}` : 'none'];
    return { status: 'killed', failureMessage: message, killedBy, nrOfTests: tests.length, ran };
  }

  /** An error that no test waits for fails a run of the tests. */
  #unhandled() {
    const [error] = this.#vitest.state.errorsSet;
    this.#vitest.state.errorsSet.clear();
    return error === undefined ? undefined : String(error?.message ?? error);
  }

  #specs(filter) {
    if (filter === undefined) return this.#files.map((filepath) => ({ filepath }));
    const byFile = new Map();
    for (const id of filter) {
      const at = id.lastIndexOf('#');
      const file = id.slice(0, at);
      byFile.set(file, [...(byFile.get(file) ?? []), id.slice(at + 1)]);
    }
    return [...byFile].map(([filepath, testIds]) => ({ filepath, testIds }));
  }

  async #answer() {
    return (await once(this.#channel, 'message'))[0].data.answer;
  }

  async #ask(asked) {
    const answer = this.#answer();
    this.#channel.postMessage({ asked });
    return answer;
  }

  async dispose() {
    this.#channel?.postMessage({ asked: null });
    await this.#running;
    this.#channel?.close();
    await this.#vitest?.close();
    this.#vitest = null;
    this.#channel = null;
  }
}

/** A change of the code, named by where it is and what stands there then. */
export function nameOfChange({ fileName, location: { start, end }, replacement }) {
  const file = relative(process.cwd(), fileName).split(sep).join('/');
  return `${file} ${start.line}:${start.column}-${end.line}:${end.column} ${replacement}`;
}

/** Leaves out what is not of the sample. */
class Sample {
  static inject = ['options'];
  #drawn;

  constructor({ sample }) {
    this.#drawn = new Set(sample);
  }

  async init() {}

  async check(mutants) {
    const judge = (mutant) =>
      this.#drawn.has(nameOfChange(mutant)) ? { status: 'passed' } : { status: 'compileError', reason: 'not drawn' };
    return Object.fromEntries(mutants.map((mutant) => [mutant.id, judge(mutant)]));
  }

  async group(mutants) {
    return [mutants.map(({ id }) => id)];
  }
}

/** @public Stryker asks for it by this name. */
export const strykerPlugins = [
  { kind: 'TestRunner', name: 'kept-vitest', injectableClass: KeptVitest },
  { kind: 'Checker', name: 'sample', injectableClass: Sample },
];
