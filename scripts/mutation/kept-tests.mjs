import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { BroadcastChannel } from 'node:worker_threads';
import { inject, TestRunner, vi } from 'vitest';

// Vitest's own part, which it does not hand on.
const ofVitest = createRequire(createRequire(import.meta.url).resolve('vitest/package.json'));
const { startTests } = await import(pathToFileURL(ofVitest.resolve('@vitest/runner')).href);

/**
 * Vitest's runner, in a thread that ends when it is told to: `mutation-runner.mjs` asks it for one run after the other. The test files
 * are evaluated anew for each; what they import is not, unless that is asked for (`fresh`).
 */
export default class KeptTests extends TestRunner {
  #run = null;

  /** The first file is about to be collected: from here on, what runs is what is asked for. */
  async onBeforeCollect() {
    if (this.#run !== null) return;
    this.#run = {};
    // Nobody is told of each step.
    for (const told of ['onTaskUpdate', 'onCollected', 'onCollectStart', 'onTestAnnotate', 'onTestArtifactRecord'])
      this[told] = async () => undefined;
    const channel = new BroadcastChannel(inject('channel'));
    await new Promise((resolve) => {
      channel.onmessage = async ({ data: { asked } }) => {
        if (asked === undefined) return;
        if (asked === null) return resolve();
        let answer;
        try {
          answer = await this.#answer(asked);
        } catch (error) {
          answer = { error: String(error?.stack ?? error) };
        }
        channel.postMessage({ answer });
      };
      channel.postMessage({ answer: 'ready' });
    });
    channel.close();
    this.cancelRun = true;
  }

  /** @param asked `specs`: which tests of which files; `mutant`: the change that is switched on while they run, or none */
  async #answer({ specs, mutant = null, hitLimit }) {
    // Where the changed code looks which change is switched on.
    globalThis.__stryker__ ??= {};
    const shared = globalThis.__stryker__;
    this.#run = { shared, mutant, failed: false };
    Object.assign(shared, { hitLimit, hitCount: 0, activeMutant: undefined, currentTestId: undefined });
    if (mutant === null) shared.mutantCoverage = undefined;
    if (inject('fresh')) this.#forget();
    const tests = [];
    const errors = [];
    for (const spec of specs) {
      if (this.#run.failed) break;
      this.workerState.filepath = spec.filepath;
      // Not mutated while it is collected.
      const files = await startTests([spec], this);
      shared.activeMutant = undefined;
      vi.resetConfig();
      vi.restoreAllMocks();
      for (const file of files) {
        if (file.result?.errors?.length) errors.push(`${file.filepath}: ${file.result.errors[0].message}`);
        collect(file, tests);
      }
    }
    return { tests, errors, hitCount: shared.hitCount, coverage: shared.mutantCoverage };
  }

  /** Everything but vitest and libraries is evaluated anew. */
  #forget() {
    const modules = this.workerState.evaluatedModules;
    for (const module of modules.idToModuleMap.values())
      if (!module.id.includes('node_modules')) modules.invalidateModule(module);
  }

  importFile(filepath, source) {
    const module = this.workerState.evaluatedModules.getModuleById(filepath);
    if (module) this.workerState.evaluatedModules.invalidateModule(module);
    return super.importFile(filepath, source);
  }

  onBeforeRunFiles() {
    const { shared, mutant } = this.#run;
    if (mutant !== null) shared.activeMutant = mutant;
  }

  async onBeforeRunTask(test) {
    if (this.#run.failed) test.mode = 'skip';
    await super.onBeforeRunTask(test);
  }

  onBeforeTryTask(test) {
    super.onBeforeTryTask(test);
    this.#run.shared.currentTestId = test.id;
  }

  onAfterRunTask(test) {
    const { shared, mutant } = this.#run;
    shared.currentTestId = undefined;
    // One is enough to notice a change.
    if (mutant !== null && test.result?.state === 'fail') this.#run.failed = true;
    super.onAfterRunTask(test);
  }
}

function collect(suite, tests) {
  for (const task of suite.tasks) {
    if (task.type === 'suite') {
      const failed = task.result?.errors?.[0];
      if (failed)
        tests.push({ id: task.id, name: task.name, file: task.file.filepath, ms: 0, state: 'fail', message: failed.message });
      collect(task, tests);
    } else if (task.mode !== 'skip' && task.mode !== 'todo' && task.result) {
      const { state, duration, errors } = task.result;
      const names = [];
      for (let at = task; at && at !== task.file; at = at.suite) names.unshift(at.name);
      const [message] = (errors ?? []).map((error) => error.message);
      tests.push({ id: task.id, name: names.join(' '), file: task.file.filepath, ms: duration ?? 0, state, message });
    }
  }
}
