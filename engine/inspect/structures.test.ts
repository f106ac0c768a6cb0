import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startJavascript } from '../backends/javascript.tf.ts';
import { initializeParameters } from '../compile/initialize.ts';
import { Model, toTensors } from '../compile/materialize.tf.ts';
import { atOnce } from '../event-loop.ts';
import { customCellCases } from '../export/pytorch/custom-cell-cases.ts';
import { stackCases } from '../export/pytorch/stack-cases.ts';
import { structureCases } from '../export/pytorch/structure-cases.ts';
import { readSeries, readText } from '../predict/predict.tf.ts';
import { greedySettings, predictSequence } from '../predict/predict-sequence.tf.ts';
import { methods } from '../protocol/contract.ts';
import { Random } from '../random.ts';
import { connectivity } from './connectivity.tf.ts';
import { describeGradient } from './describe-gradient.ts';
import { describeTrace } from './describe-trace.ts';
import { exampleOf } from './example.ts';
import { gradientOf } from './gradient.tf.ts';
import { objectiveOf, objectiveValue } from './objective.tf.ts';
import { equalWithin, traceExample } from './trace.tf.ts';

beforeAll(async () => {
  await startJavascript();
});

/** Every structure that the export is tested with: stacks, residual layers, encoder and decoder, pyramids, pictures, language models. */
const all = [...structureCases(), ...stackCases(), ...customCellCases()];

describe('every structure', () => {
  it.each(all)('$name', async ({ plan, encoding, document }) => {
    const random = new Random(4, 'structures');
    const model = new Model(plan, initializeParameters(plan, 3));
    const subject = { run: 'r', weights: 'best', step: 1, model, encoding, training: document.training } as const;
    const { features } = plan.facts;
    const steps = features === null || plan.facts.image ? 1 : 5;
    const input =
      features === null
        ? readText(encoding, 'the cat and kate teach')
        : readSeries(
            encoding,
            Array.from({ length: steps }, () => Array.from({ length: features }, () => random.normal())),
          );
    const before = tf.memory().numTensors;
    const [said] = plan.task === 'sequence-to-sequence' ? await predictSequence(subject, input, greedySettings) : [];
    const trace = await traceExample(subject, exampleOf(encoding, input, null, said ?? null));
    const told = methods['inspect.trace'].result.parse(describeTrace('t', trace));
    expect(told.equality.difference).toBeLessThan(equalWithin);
    const { says, norms } = atOnce(connectivity(trace));
    const objective = objectiveOf(subject, trace.example, { kind: 'class', class: says.at(-1) ?? '' });
    const gradient = methods['inspect.gradient'].result.parse(
      describeGradient(trace, atOnce(gradientOf(subject, trace.example, objective))),
    );
    expect(tf.memory().numTensors).toBe(before);
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() =>
        objectiveValue(subject, trace.example, objective, model.forward(toTensors(trace.example.batch), { dropout: null })),
      );
      // What nothing reaches, such as a rectifier's dead units, reaches nothing by the kernels' gradient either.
      const reader = plan.modules.find(({ kind, inputs }) => kind === 'embedding' && inputs['tokens']?.[0]?.module === 'tokens');
      const embedding = reader && model.variables.get(`${reader.name}.weight`);
      const learned = embedding && grads[embedding.name];
      if (learned !== undefined) {
        const reached = norms.data.slice(-trace.example.batch.steps).some((norm) => norm > 0);
        expect(reached).toBe((tf.norm(learned).dataSync()[0] ?? 0) > 0);
      }
      expect(gradient.value).toBeCloseTo(value.dataSync()[0] ?? Number.NaN, 5);
      for (const { node, described } of trace.recurrences) {
        const name = plan.modules.find(({ id }) => id === node)?.name;
        const found = gradient.nodes
          .find((one) => one.node === node)
          ?.recurrent.find(({ layer, direction }) => layer === described.layer && direction === described.direction);
        for (const { name: parameter, weight, from, to } of described.parameters) {
          const variable = model.variables.get(`${name}.${weight}`);
          const whole = variable && grads[variable.name];
          if (whole === undefined) throw new Error(`${name}.${weight}`);
          const norm = tf.norm(whole.slice([from], [to - from])).dataSync()[0] ?? 0;
          expect(
            Math.abs((found?.terms[parameter]?.total ?? 0) - norm) / Math.max(norm, 1e-3),
            `${name} ${parameter}`,
          ).toBeLessThan(2e-3);
        }
      }
    });
    model.dispose();
  });
});
