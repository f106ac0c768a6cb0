import type { Plan } from '../../compile/plan.ts';
import { parameterName } from '../../layers/plan-module.ts';
import type { RunHealth } from '../../protocol/health.ts';
import { HealthPace } from './health-pace.ts';
import { expectedWork, HealthProbe } from './health-probe.tf.ts';

/** Multiplications; twice as many on a machine that does nothing else. */
const workPerMillisecond = 5e5;

/** Measures some of a session's training steps; what was found waits for the next logged line. */
export class HealthWatch {
  readonly #pace = new HealthPace();
  readonly #modules: ReadonlyMap<string, string>;
  /** Weights of each recurrent module. */
  readonly #recurrences: readonly number[];
  readonly #now: () => number;
  #found: RunHealth | null = null;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(plan: Plan, now: () => number = () => performance.now()) {
    this.#now = now;
    this.#recurrences = plan.modules
      .filter(({ inputTypes }) => inputTypes['cell'] !== undefined)
      .map(({ parameters }) => parameters.reduce((sum, { shape }) => sum + shape.reduce((size, width) => size * width, 1), 0));
    this.#modules = new Map(
      plan.modules.flatMap((module) => module.parameters.map((spec) => [parameterName(module, spec), module.id] as const)),
    );
  }

  /**
   * Runs a training step, and looks on where it is time to.
   *
   * @param step its number, from 0
   * @param length steps of its batch's longest sequence
   */
  async around<T>(step: number, length: number, run: (probe?: HealthProbe) => T | Promise<T>): Promise<T> {
    if (this.#found !== null || !this.#pace.due(step, this.#now(), this.#expected(length))) return run();
    const probe = new HealthProbe();
    try {
      const result = await run(probe);
      // A device that works behind may still be at steps of long before: no one waits for each. They take their time without a measurement too.
      await probe.ended();
      const begin = this.#now();
      const found = await probe.read((name) => this.#modules.get(name) ?? name);
      this.#found = { step: step + 1, modules: [...found.modules], recurrences: [...found.recurrences] };
      const end = this.#now();
      this.#pace.measured(step, end - begin, end);
      return result;
    } finally {
      probe.dispose();
    }
  }

  /** Milliseconds, on a machine that has other work too. */
  #expected(length: number): number {
    return this.#recurrences.reduce((sum, weights) => sum + expectedWork(weights, length), 0) / workPerMillisecond;
  }

  /** The latest measurement, once. */
  take(): RunHealth | null {
    const found = this.#found;
    this.#found = null;
    return found;
  }
}
