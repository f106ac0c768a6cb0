import { Matrix } from 'ml-matrix';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { startJavascript } from '../backends/javascript.tf.ts';
import { compilePlan } from '../compile/compile-plan.ts';
import { initializeParameters } from '../compile/initialize.ts';
import { Model } from '../compile/materialize.tf.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import { readText } from '../predict/predict.tf.ts';
import { methods } from '../protocol/contract.ts';
import { InspectWork } from '../services/inspect-work.ts';
import { spectrumService } from '../services/spectrum.ts';
import { syntheticTask } from '../training/synthetic-task.test-support.ts';
import { inThread } from './analysis/in-thread.ts';
import { difference } from './analysis/random-step.test-support.ts';
import { spectralRadius } from './analysis/spectrum.ts';
import { exampleOf } from './example.ts';
import { type KeptRecurrence, type KeptTrace, traceExample } from './trace.tf.ts';

vi.mock('./analysis/in-thread.ts', async (original) => {
  const actual = await original<typeof import('./analysis/in-thread.ts')>();
  return { ...actual, inThread: vi.fn(actual.inThread) };
});

beforeAll(async () => {
  await startJavascript();
});

/** Kinds of the questions that a thread was asked meanwhile. */
async function askedBy(work: () => Promise<unknown>): Promise<readonly string[]> {
  vi.mocked(inThread).mockClear();
  await work();
  return vi.mocked(inThread).mock.calls.map(([{ kind }]) => kind);
}

type Settings = Readonly<Record<string, string | number | boolean>>;

/** A traced example of a tagger, and the service that is asked about it. */
async function traced(kind: string, params: Settings, wrapper: Settings = {}) {
  const { document, data } = syntheticTask('step-tagging', {}, 20);
  const nodes = document.nodes.map((node) => {
    if (node.id === 'cell') return { ...node, kind, params: { ...params } };
    return node.id === 'rnn' ? { ...node, params: { ...node.params, ...wrapper } } : node;
  });
  const compiled = compilePlan({ ...document, nodes }, data.encoding.facts);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const model = new Model(compiled.plan, initializeParameters(compiled.plan, 3));
  const subject = { run: 'r', weights: 'best', step: 7, model, encoding: data.encoding, training: document.training } as const;
  const trace = await traceExample(subject, exampleOf(data.encoding, readText(data.encoding, 'a c b d a'), null, null));
  // Of step n each weight is n times what it was: so are its eigenvalues.
  const weightsAt = async (_run: string, step: number): Promise<Map<string, NamedTensor>> => {
    if (step > 3) throw new Error('it is no longer kept');
    const weights = [...(await model.read())];
    return new Map(weights.map(([name, one]) => [name, { ...one, data: Float32Array.from(one.data, (x) => x * step) }]));
  };
  const traces = { use: <T>(_id: string, work: (kept: KeptTrace) => Promise<T>) => work(trace) };
  const recurrenceAt = (kept: KeptTrace, { layer }: { readonly layer: number }): KeptRecurrence => {
    const found = kept.recurrences.find(({ described }) => described.layer === layer);
    if (found === undefined) throw new Error('no recurrence');
    return found;
  };
  const service = spectrumService({ traces, weightsAt }, recurrenceAt, new InspectWork({ emit: () => undefined }));
  return { model, trace, service };
}

const place = { trace: 't', node: 'rnn', layer: 1, direction: 'forward' } as const;

const matrixOf = (model: Model, name: string, from: number, to: number): Matrix => {
  const variable = [...model.variables].find(([key]) => key.endsWith(`.${name}`))?.[1];
  if (variable === undefined) throw new Error(name);
  const [, width = 0] = variable.shape;
  return Matrix.from1DArray(to - from, width, [...variable.dataSync().slice(from * width, to * width)]);
};
const radiusOf = (matrix: Matrix): number =>
  spectralRadius({ rows: matrix.rows, width: matrix.columns, data: Float64Array.from(matrix.to1DArray()) });

describe('what carries the state of a traced cell on', () => {
  it('are the blocks of its stored weights, of the layer that is asked for', async () => {
    const { model, service } = await traced('lstm-cell', { hidden: 5 }, { layers: 2 });
    const found = methods['inspect.spectrum'].result.parse(await service['inspect.spectrum'](place));
    expect(found.matrices.map(({ name, shape }) => [name, shape])).toEqual(
      ['U_i', 'U_f', 'U_g', 'U_o'].map((name) => [name, [5, 5]]),
    );
    found.matrices.forEach(({ spectrum, singular }, gate) => {
      const block = matrixOf(model, 'weight_hh_l1', 5 * gate, 5 * gate + 5);
      expect(spectrum?.radius).toBeCloseTo(radiusOf(block), 12);
      expect(singular).toBeCloseTo(Math.sqrt(radiusOf(block.transpose().mmul(block))), 10);
      expect(spectrum?.eigenvalues).toHaveLength(5);
    });
    expect(found).toMatchObject({ bounds: null, jacobian: null });
    model.dispose();
  });

  it('is followed over the moments that are kept, and the arrow of the matrix goes where products drive it', async () => {
    const { model, service } = await traced('lstm-cell', { hidden: 5 }, { layers: 2 });
    const asked = { ...place, matrix: 'U_f' };
    const { moments } = methods['inspect.trail'].result.parse(await service['inspect.trail']({ ...asked, steps: [1, 3, 9] }));
    expect(moments.map(({ step }) => step)).toEqual([1, 3]);
    const radius = radiusOf(matrixOf(model, 'weight_hh_l1', 5, 10));
    for (const { step, eigenvalues } of moments) {
      expect(eigenvalues).toHaveLength(5);
      expect(Math.hypot(...(eigenvalues[0] ?? [])) / (step * radius)).toBeCloseTo(1, 6);
    }
    const arrow = methods['inspect.arrow'].result.parse(await service['inspect.arrow']({ ...asked, products: 30 }));
    expect([arrow.directions, arrow.products.length]).toEqual([3, 31]);
    await expect(service['inspect.arrow']({ ...asked, matrix: 'b_f', products: 3 })).rejects.toMatchObject({
      failure: { code: 'not-traced' },
    });
    model.dispose();
  });

  it('is decomposed once for all steps and all arrows of the same weights', async () => {
    const { model, service } = await traced('lstm-cell', { hidden: 5 }, { layers: 2 });
    const ask = (step?: number) => service['inspect.spectrum']({ ...place, ...(step === undefined ? {} : { step }) });
    const arrow = (matrix: string) => service['inspect.arrow']({ ...place, matrix, products: 3 });
    const first = await ask();
    expect(await askedBy(() => ask(1))).toEqual(['jacobian']);
    expect(await askedBy(() => Promise.all([ask(), arrow('U_f'), arrow('U_i')]))).toEqual(['arrow', 'arrow']);
    expect((await ask(2)).matrices).toEqual(first.matrices);
    // Another layer has matrices of its own.
    expect(await askedBy(() => service['inspect.spectrum']({ ...place, layer: 0 }))).toEqual(['spectrum']);
    model.dispose();
  });

  it.each([['forward'], ['backward']])(
    'are at a step of a plain cell the slope times U, run %s; norms are of their products',
    async (direction) => {
      const { model, service, trace } = await traced('rnn-cell', { hidden: 4 }, { direction });
      const here = { ...place, layer: 0 };
      const U = matrixOf(model, 'weight_hh_l0', 0, 4);
      const after = trace.recurrences[0]?.values.get("h'");
      const jacobians = Array.from({ length: 5 }, (_, t) => {
        const slopes = [...(after?.data.subarray(4 * t, 4 * t + 4) ?? [])].map((value) => 1 - value ** 2);
        return Matrix.diag(slopes).mmul(U);
      });
      for (const step of [0, 3]) {
        const { jacobian, bounds } = methods['inspect.spectrum'].result.parse(
          await service['inspect.spectrum']({ ...here, step }),
        );
        expect(jacobian?.radius).toBeCloseTo(radiusOf(jacobians[step] ?? U), 5);
        expect(bounds).toMatchObject({ matrix: 'U_h', activation: 'tanh', gamma: 1, limit: 1 });
        expect(bounds?.verdict).toBe((bounds?.singular ?? 0) < 1 ? 'vanish' : 'may-explode');
      }
      const flow = methods['inspect.flow'].result.parse(await service['inspect.flow'](here));
      const order = direction === 'backward' ? [...jacobians].reverse() : jacobians;
      let product = Matrix.eye(4);
      const norms = [1];
      for (const jacobian of [...order].reverse()) {
        product = product.mmul(jacobian);
        norms.unshift(Math.sqrt(radiusOf(product.transpose().mmul(product))));
      }
      expect(difference(flow.norms, norms)).toBeLessThan(1e-5);
      // From an earlier step: the products of those before it.
      const part = methods['inspect.flow'].result.parse(await service['inspect.flow']({ ...here, from: 1 }));
      let shorter = Matrix.eye(4);
      const fewer = [1];
      const before = direction === 'backward' ? 4 : 2;
      for (const jacobian of order.slice(0, before).reverse()) {
        shorter = shorter.mmul(jacobian);
        fewer.unshift(Math.sqrt(radiusOf(shorter.transpose().mmul(shorter))));
      }
      expect(difference(part.norms, fewer)).toBeLessThan(1e-5);
      expect(part.norms).toHaveLength(before + 1);
      await expect(service['inspect.flow']({ ...here, from: 9 })).rejects.toThrow('no step 9');
      expect(flow).toMatchObject({ size: 4 });
      expect(flow.exponents).toHaveLength(4);
      await expect(service['inspect.spectrum']({ ...here, step: 5 })).rejects.toThrow('no step 5');
      model.dispose();
    },
  );

  it('of a projection and of a cell by its equations have the shapes that they have', async () => {
    const projected = await traced('lstm-cell', { hidden: 5, projection: 3 });
    const { matrices } = await projected.service['inspect.spectrum']({ ...place, layer: 0 });
    expect(matrices.find(({ name }) => name === 'V')).toMatchObject({ shape: [3, 5], spectrum: null });
    expect(matrices.find(({ name }) => name === 'V')?.singular).toBeGreaterThan(0);
    projected.model.dispose();
    const own = await traced('custom-cell', {
      hidden: 4,
      equations: "f = sigmoid(W_f x + U_f h + b_f)\nh' = f * h + (1 - f) * tanh(W_n x + U_n h)",
    });
    const found = await own.service['inspect.spectrum']({ ...place, layer: 0, step: 1 });
    expect(found.matrices.map(({ name }) => name)).toEqual(['U_f', 'U_n']);
    expect(found.jacobian?.eigenvalues).toHaveLength(4);
    own.model.dispose();
  });

  it('lets the engine do other work meanwhile', async () => {
    const { service, model } = await traced('lstm-cell', { hidden: 160 });
    let beats = 0;
    const beat = setInterval(() => {
      beats++;
    }, 1);
    let done = false;
    const answer = service['inspect.spectrum']({ ...place, layer: 0, step: 2 }).then((found) => {
      done = true;
      return found;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(done).toBe(false);
    expect((await answer).jacobian?.eigenvalues).toHaveLength(320);
    clearInterval(beat);
    model.dispose();
    expect(beats).toBeGreaterThan(20);
  });
});
