import '../../backends/gradients.tf.ts';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startJavascript } from '../../backends/javascript.tf.ts';
import { initializeParameters } from '../../compile/initialize.ts';
import { Model, toTensors } from '../../compile/materialize.tf.ts';
import { trainingSettings } from '../../document/training-settings.ts';
import { learned, plainStep } from '../../kernels/plain-step.test-support.tf.ts';
import type { RunOutput, Watch, WatchedRun } from '../../layers/watch.tf.ts';
import { figuresToJson } from '../../protocol/figure.ts';
import { metricEvent } from '../../protocol/runs.ts';
import { Random } from '../../random.ts';
import { batchLoss } from '../losses.tf.ts';
import { MemorySink } from '../memory-sink.test-support.ts';
import { reversalTask } from '../reversal-task.test-support.ts';
import { TrainingSession } from '../session.tf.ts';
import { type SyntheticTask, syntheticTask } from '../synthetic-task.test-support.ts';
import { TrainStep } from '../train-step.tf.ts';
import { HealthPace } from './health-pace.ts';
import { HealthProbe } from './health-probe.tf.ts';
import { HealthWatch } from './health-watch.tf.ts';
import { batchOf, lossOf, measured, rows, settings, tasks } from './measured-step.test-support.tf.ts';

beforeAll(async () => {
  await startJavascript();
});

/**
 * Runs recurrences step by step out of plain operations, and adds a zero to each state on its way on: the gradient of the loss along
 * that zero is the gradient of the state.
 */
class Perturbed implements Watch {
  readonly zeros: { readonly run: WatchedRun; readonly direction: number; readonly t: number; readonly parts: tf.Variable[] }[] =
    [];

  #next = 0;

  /** Made in the first run, so that a second one can be differentiated along them. */
  #at(place: Omit<Perturbed['zeros'][number], 'parts'>): Perturbed['zeros'][number] {
    const { cell, time } = place.run;
    const known = this.zeros[this.#next++];
    if (known !== undefined) return known;
    const made = { ...place, parts: cell.states.map(({ width }) => tf.variable(tf.zeros([time.rows, width]))) };
    this.zeros.push(made);
    return made;
  }

  again(): void {
    this.#next = 0;
  }

  recurrence(run: WatchedRun): RunOutput {
    const { cell, time, input, directions } = run;
    const runs = directions.map(({ reverse, weights, initial }, direction) => {
      const own = learned(cell, (name) => weights.get(name) ?? tf.scalar(Number.NaN));
      let state: readonly tf.Tensor[] = initial ?? cell.states.map(({ width }) => tf.zeros([time.rows, width]));
      const outputs: tf.Tensor[] = [];
      for (let i = 0; i < time.steps; i++) {
        const t = reverse ? time.steps - 1 - i : i;
        const x = input.slice([t, 0, 0], [1, -1, -1]).reshape([time.rows, -1]);
        const { parts } = this.#at({ run, direction, t });
        const next = plainStep(cell, x, state, own).map((part, index) => tf.add(part, parts[index] ?? 0));
        const mask = tf.tensor2d(
          Array.from(time.rowLengths, (length) => (t < length ? 1 : 0)),
          [time.rows, 1],
        );
        state = next.map((part, index) => tf.add(tf.mul(mask, part), tf.mul(tf.sub(1, mask), state[index] ?? part)));
        outputs[t] = tf.mul(mask, state[0] ?? x);
      }
      return { sequence: tf.stack(outputs) as tf.Tensor3D, final: state as tf.Tensor2D[] };
    });
    return {
      sequence: tf.concat(
        runs.map(({ sequence }) => sequence),
        2,
      ),
      final: runs.map(({ final }) => final),
    };
  }

  value<T>(_module: string, _port: string, value: T): T {
    return value;
  }
}

/** Lengths of the gradients of each part of each row's state, by TensorFlow.js's own gradients of the whole loss. */
function byPlainGradients(task: SyntheticTask): readonly {
  readonly layer: number;
  readonly direction: number;
  readonly t: number;
  readonly parts: readonly (readonly number[])[];
  readonly run: WatchedRun;
}[] {
  const model = new Model(task.plan, initializeParameters(task.plan, 3));
  const batch = batchOf(task);
  const watch = new Perturbed();
  const loss = (): tf.Scalar => {
    const logits = model.forward(toTensors(batch), { dropout: new Random(8), watch });
    return batchLoss(lossOf(task.plan), logits, batch, 'mean', null);
  };
  loss().dispose();
  watch.again();
  const { grads } = tf.variableGrads(
    loss,
    watch.zeros.flatMap(({ parts }) => parts),
  );
  const found = watch.zeros.map(({ run, direction, t, parts }) => ({
    ...{ run, layer: run.layer, direction, t },
    parts: parts.map((part) => {
      const gradient = grads[part.name];
      const values = gradient ? (tf.norm(gradient, 'euclidean', 1).arraySync() as number[]) : new Array<number>(rows).fill(0);
      return values;
    }),
  }));
  for (const gradient of Object.values(grads)) gradient.dispose();
  for (const { parts } of watch.zeros) for (const part of parts) part.dispose();
  model.dispose();
  return found;
}

describe('what a training step looked like', () => {
  it.each(Object.keys(tasks))('by step of time is what plain gradients of the whole loss give: %s', async (name) => {
    const task = tasks[name]?.() ?? syntheticTask('step-tagging');
    const { recurrences } = await measured(task);
    const wanted = byPlainGradients(task);
    const directions = new Set(wanted.map(({ layer, direction }) => `${layer} ${direction}`));
    expect(recurrences).toHaveLength(directions.size);
    expect(recurrences.map(({ node: id }) => id)).toEqual(recurrences.map(() => 'rnn'));
    for (const { layer, direction, distances, gradients } of recurrences) {
      const own = wanted.filter(
        (one) => one.layer === layer && (one.run.directions[one.direction]?.reverse === true) === (direction === 'backward'),
      );
      const lengths = [...(own[0]?.run.time.rowLengths ?? [])];
      for (const [part, { norms }] of gradients.entries()) {
        distances.forEach((distance, index) => {
          const squares = lengths.flatMap((length, row) => {
            if (distance >= length) return [];
            const t = direction === 'backward' ? distance : length - 1 - distance;
            return [(own.find((one) => one.t === t)?.parts[part]?.[row] ?? Number.NaN) ** 2];
          });
          const value = Math.sqrt(squares.reduce((sum, one) => sum + one, 0) / squares.length);
          expect(Math.abs((norms[index] ?? Number.NaN) - value), `${part} ${distance}`).toBeLessThan(
            1e-5 * Math.max(value, 0.01),
          );
        });
      }
    }
  });

  it('of its weights is what the step changed', async () => {
    const task = syntheticTask('sequence-classification');
    const { modules, before, after } = await measured(task);
    expect(modules.map(({ node: id }) => id)).toEqual(['embed', 'rnn', 'head']);
    for (const { node: id, gradient, weight, update } of modules) {
      const name = task.plan.modules.find((module) => module.id === id)?.name ?? '';
      const own = [...before].filter(([key]) => key.startsWith(`${name}.`));
      const length = (of: (values: ArrayLike<number>, key: string, i: number) => number): number =>
        Math.sqrt(
          own.reduce(
            (sum, [key, { data }]) => sum + Array.from(data).reduce<number>((part, _, i) => part + of(data, key, i) ** 2, 0),
            0,
          ),
        );
      expect(weight).toBeCloseTo(
        length((data, _key, i) => data[i] ?? 0),
        4,
      );
      const change = length((data, key, i) => (after.get(key)?.data[i] ?? 0) - (data[i] ?? 0));
      expect(update).toBeCloseTo(change / weight, 6);
      // Gradient descent without clipping that short: the change is the rate times the gradient.
      expect(gradient).toBeCloseTo(change / 0.1, 4);
    }
  });

  it.each([...Object.entries(tasks), ['a decoder with attention and its encoder', () => reversalTask()] as const])(
    'changes nothing of it, and leaves no tensor behind: %s',
    async (_name, make) => {
      const task = make();
      const weights: unknown[] = [];
      for (const looks of [false, true]) {
        const model = new Model(task.plan, initializeParameters(task.plan, 3));
        const step = new TrainStep(model, lossOf(task.plan), trainingSettings.parse({}), null);
        const chance = new Random(8);
        const losses: number[] = [];
        const batch = batchOf(task, 9);
        step.run(batch, 0.01, chance).dispose();
        const tensors = tf.memory().numTensors;
        for (let i = 0; i < 3; i++) {
          const probe = looks ? new HealthProbe() : undefined;
          const figures = step.run(batch, 0.01, chance, undefined, 0, probe);
          losses.push(...figures.dataSync());
          figures.dispose();
          if (probe) expect((await probe.read((name) => name)).recurrences.length).toBeGreaterThan(0);
          probe?.dispose();
        }
        expect(tf.memory().numTensors).toBe(tensors);
        weights.push([losses, [...(await model.read())].map(([name, { data }]) => [name, [...data]])]);
        step.optimizer.dispose();
        model.dispose();
      }
      expect(weights[1]).toEqual(weights[0]);
    },
  );

  it('keeps numbers that are none', async () => {
    const task = syntheticTask('sequence-classification');
    const model = new Model(task.plan, initializeParameters(task.plan, 3));
    for (const variable of model.variables.values()) variable.assign(tf.fill(variable.shape, Number.NaN));
    const step = new TrainStep(model, 'cross-entropy', settings, null);
    const probe = new HealthProbe();
    step.run(batchOf(task), 0.1, new Random(8), undefined, 0, probe).dispose();
    const health = { step: 1, ...(await probe.read(() => 'all')) };
    probe.dispose();
    const line = { step: 1, epoch: 0, seconds: 0, split: 'train', values: {}, health };
    expect(metricEvent.parse(JSON.parse(figuresToJson(line)))).toEqual(line);
    expect(health.recurrences[0]?.gradients[0]?.norms[0]).toBeNaN();
    step.optimizer.dispose();
    model.dispose();
  });
});

describe('while a session trains', () => {
  async function train(health: boolean): Promise<MemorySink> {
    const task = syntheticTask('sequence-classification', { epochs: 6, batchSize: 8, health });
    const sink = new MemorySink();
    const session = new TrainingSession({ plan: task.plan, data: task.data, settings: task.document.training, sink });
    await session.run();
    session.dispose();
    return sink;
  }

  it('figures come with the lines of training, and switched off there are none; nothing else differs', async () => {
    // As in a run of more than two seconds.
    const { due } = HealthPace.prototype;
    HealthPace.prototype.due = (step) => step % 10 === 3;
    try {
      const [on, off] = [await train(true), await train(false)];
      const told = on.events.flatMap(({ health }) => (health ? [health] : []));
      expect(told.length).toBeGreaterThan(3);
      expect(told[0]?.step).toBe(4);
      expect(told[0]?.modules.map(({ node: id }) => id)).toEqual(['embed', 'rnn', 'head']);
      expect(off.events.some((event) => 'health' in event)).toBe(false);
      const values = (sink: MemorySink) =>
        sink.events.map(({ step, values: all, gradientNorm }) => ({ step, all, gradientNorm }));
      expect(values(on)).toEqual(values(off));
    } finally {
      HealthPace.prototype.due = due;
    }
  });

  it('waits with the next until the last has been told', async () => {
    const watch = new HealthWatch(syntheticTask('sequence-classification').plan);
    const { due } = HealthPace.prototype;
    HealthPace.prototype.due = () => true;
    try {
      let looked = 0;
      const step = (): Promise<number> =>
        watch.around(looked, 5, (probe) => {
          if (probe) looked++;
          return looked;
        });
      await step();
      await step();
      expect(looked).toBe(1);
      expect(watch.take()).toEqual({ step: 1, modules: [], recurrences: [] });
      expect(watch.take()).toBeNull();
      await step();
      expect(looked).toBe(2);
    } finally {
      HealthPace.prototype.due = due;
    }
  });
});
