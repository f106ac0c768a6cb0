import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startJavascript } from '../../backends/javascript.tf.ts';
import { cellProgram } from '../../cells/cell-program.ts';
import { cellLibrary } from '../../cells/library.ts';
import { randomCell } from '../../cells/random-cell.test-support.ts';
import { initializeParameters } from '../../compile/initialize.ts';
import { Model, toTensors } from '../../compile/materialize.tf.ts';
import { spread } from '../../data/spread.ts';
import { atOnce } from '../../event-loop.ts';
import { structureCases } from '../../export/pytorch/structure-cases.ts';
import { portKey } from '../../graph/infer-shapes.ts';
import { allCells } from '../../kernels/recurrence-suite.test-support.tf.ts';
import { timeAxis } from '../../layers/batch-tensors.tf.ts';
import { evaluate } from '../../metrics/evaluate.tf.ts';
import { readSeries, readText } from '../../predict/predict.tf.ts';
import { greedySettings, predictSequence } from '../../predict/predict-sequence.tf.ts';
import { Random } from '../../random.ts';
import { judgedBy } from '../../training/judged-by.ts';
import { reversalTask } from '../../training/reversal-task.test-support.ts';
import { type SyntheticTask, syntheticTask } from '../../training/synthetic-task.test-support.ts';
import { askTorch, torchMissing } from '../../training/torch-expectation.test-support.ts';
import { readArray } from '../arrays.tf.ts';
import { exampleOf, exampleOfSplit } from '../example.ts';
import { inLongScope, inScope } from '../scope.tf.ts';
import { cellsOfTasks, withGraph } from '../tasks.test-support.ts';
import { type KeptTrace, traceExample } from '../trace.tf.ts';
import { runHeld } from './held-recurrence.tf.ts';
import type { Hold } from './hold.ts';
import { HoldWatch, holdsFrom } from './hold-watch.tf.ts';
import { whatIf } from './what-if.tf.ts';

beforeAll(async () => {
  await startJavascript();
});

const [inputs, steps] = [3, 5];
const texts = [
  ...allCells.map(({ name, cell }) => ({ name, equations: cell.equations, hidden: cell.hidden })),
  ...cellLibrary.map(({ title, equations }) => ({ name: title, equations, hidden: 4 })),
  ...Array.from({ length: 8 }, (_, i) => ({ name: `random ${i}`, equations: randomCell(new Random(i, 'held')), hidden: 4 })),
];

/** Two holds, of lines that are drawn, that meet in some steps; whole and padded, forwards and backwards. */
const cases = texts.flatMap(({ name, equations, hidden }) =>
  [
    { reverse: false, length: 5 },
    { reverse: true, length: 3 },
  ].map(({ reverse, length }) => {
    const random = new Random(5, `${name} ${length}`);
    const program = cellProgram(equations, hidden);
    const some = (count: number): number[] => Array.from({ length: count }, () => Math.fround(random.normal() * 0.7));
    const lines = [...program.step.named.keys()];
    const line = (): string => lines[random.below(lines.length)] ?? '';
    const holds = [
      { line: line(), units: [0], value: 0.25, steps: { from: 1, to: 3 } },
      { line: line(), units: null, value: -0.5, steps: { from: 3, to: 4 } },
    ];
    return {
      name: `${name}, ${reverse ? 'backward' : 'forward'}, ${length} of ${steps} steps, ${holds.map((one) => one.line).join(' and ')}`,
      equations,
      hidden,
      reverse,
      length,
      holds,
      x: some(steps * inputs),
      weights: Object.fromEntries(
        program.parameters.map(({ name: own, shape }) => {
          const widths = shape.map((width) => (width === 'input' ? inputs : width));
          return [own, { shape: widths, data: some(widths.reduce((a, b) => a * b, 1)) }];
        }),
      ),
      initial: Object.fromEntries(program.states.map((state) => [state.name, some(state.width)])),
    };
  }),
);

/** A line that is held has its value before anything reads it. */
const script = `${readFileSync(new URL('../../export/python/equations.py', import.meta.url), 'utf8')}
import json, sys
torch.set_default_dtype(torch.float64)

def step(cell, x, state, parameters, holds):
    names = {**parameters, **state, "x": x}
    values = {}
    for name, expression in cell.lines:
        value = torch.as_tensor(expression.value(names)).clone()
        for hold in holds:
            if hold["line"] == name:
                for unit in hold["units"] or range(value.numel()):
                    value[unit] = hold["value"]
        values[name] = names[name] = value
    return values

answers = []
for case in json.load(sys.stdin):
    cell, length = Equations(case["equations"]), case["length"]
    x = torch.tensor(case["x"]).reshape(5, -1)
    state = {name: torch.tensor(value) for name, value in case["initial"].items()}
    given = {name: torch.tensor(one["data"]).reshape(one["shape"]) for name, one in case["weights"].items()}
    lines = [None] * length
    for t in range(length)[::-1] if case["reverse"] else range(length):
        holds = [hold for hold in case["holds"] if hold["steps"]["from"] <= t <= hold["steps"]["to"]]
        lines[t] = step(cell, x[t], state, given, holds)
        state = cell.after(lines[t])
    answers.append({
        "lines": {name: [line[name].tolist() for line in lines] for name, _ in cell.lines},
        "sequence": [cell.after(line)[cell.output].tolist() for line in lines],
        "final": {name: value.tolist() for name, value in state.items()},
    })
json.dump(answers, sys.stdout)
`;

interface Answer {
  readonly lines: Record<string, number[][]>;
  readonly sequence: number[][];
  readonly final: Record<string, number[]>;
}

const close = (what: string, ours: readonly number[], theirs: readonly number[], within = 2e-5): void => {
  expect(ours.length, what).toBe(theirs.length);
  const scale = Math.max(1, ...theirs.map(Math.abs));
  for (const [i, value] of theirs.entries())
    expect(Math.abs((ours[i] ?? Number.NaN) - value) / scale, `${what} ${i}`).toBeLessThan(within);
};

describe.skipIf(torchMissing() !== null)('what is held in a cell is what its equations make of it in PyTorch', () => {
  let answers: Answer[] = [];
  beforeAll(() => {
    answers = askTorch(script, cases) as Answer[];
  });
  it.each(cases.map((one, index) => ({ ...one, index })))('$name', (given) => {
    const answer = answers[given.index];
    if (answer === undefined) throw new Error('no answer');
    const program = cellProgram(given.equations, given.hidden);
    tf.tidy(() => {
      const initial = program.states.map(({ name, width }) => tf.tensor2d(given.initial[name] ?? [], [1, width]));
      const direction = {
        reverse: given.reverse,
        weights: new Map(Object.entries(given.weights).map(([name, { shape, data }]) => [name, tf.tensor(data, shape)])),
        initial,
      };
      const states = program.states.map(({ name, width }) => ({ name, width }));
      const cell = { kind: 'custom-cell', hidden: given.hidden, equations: given.equations, states, settings: {}, kernel: null };
      const time = timeAxis(steps, Int32Array.of(given.length));
      const run = { module: 'm', layer: 0, cell, input: tf.tensor3d(given.x, [steps, 1, inputs]), time, directions: [direction] };
      const holds = given.holds.map((hold): Hold => ({ ...hold, node: 'm', layer: 0, direction: 'forward' }));
      const { sequence, final, values } = atOnce(runHeld(run, direction, holds, 0));
      const real = (tensor: tf.Tensor): number[] => [...tensor.dataSync()].slice(0, (given.length * tensor.size) / steps);
      for (const name of program.step.named.keys())
        close(name, real(values.get(name) as tf.Tensor), answer.lines[name]?.flat() ?? []);
      close(
        'sequence',
        [...sequence.dataSync()],
        [...answer.sequence.flat(), ...new Array(sequence.size - answer.sequence.flat().length).fill(0)],
      );
      for (const [part, { name }] of program.states.entries())
        close(`final ${name}`, [...(final[part]?.dataSync() ?? [])], answer.final[name] ?? []);
    });
  });
});

async function traced(task: Pick<SyntheticTask, 'plan' | 'data' | 'document'>): Promise<KeptTrace> {
  const { encoding, splits } = task.data;
  const model = new Model(task.plan, initializeParameters(task.plan, 3));
  const subject = { run: 'r', weights: 'best', step: 7, model, encoding, training: task.document.training } as const;
  return traceExample(subject, exampleOfSplit(encoding, splits.test, 3));
}

/** Plain PyTorch, gate by gate, from the weights as PyTorch stacks them. */
const networks = `
import json, sys
import torch
torch.set_default_dtype(torch.float64)
answers = []
for case in json.load(sys.stdin):
    w = {name: torch.tensor(one["data"]).reshape(one["shape"]) for name, one in case["weights"].items()}
    take = lambda ending: next(value for name, value in w.items() if name.endswith(ending))
    W, U, b, d = take("weight_ih_l0"), take("weight_hh_l0"), take("bias_ih_l0"), take("bias_hh_l0")
    h = c = torch.zeros(5)
    for token in case["tokens"]:
        x = w[case["embedding"]][token]
        if case["kind"] == "lstm":
            i, f, g, o = (W @ x + b + U @ h + d).chunk(4)
            f = torch.ones(5)
            c = f * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
        elif case["kind"] == "gru":
            r, z, n = (W @ x + b).chunk(3)
            p, q, m = (U @ h + d).chunk(3)
            n = (n + (r + p).sigmoid() * m).tanh()
            z = torch.zeros(5)
            h = (1 - z) * n + z * h
        else:
            h = (W @ x + b + U @ h + d).tanh()
            h[2] = 0.0
    answers.append((w[case["head"] + ".weight"] @ h + w[case["head"] + ".bias"]).log_softmax(0).tolist())
json.dump(answers, sys.stdout)
`;

const named = [
  { kind: 'lstm', cell: 0, line: 'f', units: null, value: 1 },
  { kind: 'gru', cell: 2, line: 'z', units: null, value: 0 },
  { kind: 'rnn', cell: 3, line: "h'", units: [2], value: 0 },
] as const;

describe.skipIf(torchMissing() !== null)('a network with something held says what PyTorch’s modules say', () => {
  it.each(named)('of the $kind, $line held at $value', async ({ kind, cell, line, units, value }) => {
    const trace = await traced(
      withGraph(syntheticTask('sequence-classification', {}, 20), cellsOfTasks[cell] ?? cellsOfTasks[0], {}),
    );
    const { model } = trace.subject;
    const weights = Object.fromEntries(
      [...(await model.read())].map(([name, { shape, data }]) => [name, { shape, data: [...data] }]),
    );
    const moduleOf = (id: string): string => model.plan.modules.find((one) => one.id === id)?.name ?? '';
    const asked = {
      kind,
      weights,
      embedding: `${moduleOf('embed')}.weight`,
      head: moduleOf('head'),
      tokens: [...(trace.example.batch.tokens ?? [])],
    };
    const [expected] = askTorch(networks, [asked]) as number[][];
    const hold: Hold = { node: 'rnn', layer: 0, direction: 'forward', line, units, value, steps: null };
    const before = tf.memory().numTensors;
    for (const [id, name] of ['no', 'yes'].entries()) {
      const found = await whatIf(trace, [hold], null, { kind: 'class', class: name });
      expect(found.after).toBeCloseTo(expected?.[id] ?? Number.NaN, 5);
      expect(Math.abs((found.after ?? 0) - (found.before ?? 0))).toBeGreaterThan(1e-4);
    }
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});

describe('what is held at what it is already', () => {
  it.each(structureCases().filter((_, at) => at % 2 === 0))('changes nothing: $name', async ({ plan, encoding, document }) => {
    const random = new Random(4, 'holds');
    const model = new Model(plan, initializeParameters(plan, 3));
    const subject = { run: 'r', weights: 'best', step: 1, model, encoding, training: document.training } as const;
    const { features } = plan.facts;
    const count = features === null || plan.facts.image ? 1 : 5;
    const input =
      features === null
        ? readText(encoding, 'the cat and kate teach')
        : readSeries(
            encoding,
            Array.from({ length: count }, () => Array.from({ length: features }, () => random.normal())),
          );
    const [said] = plan.task === 'sequence-to-sequence' ? await predictSequence(subject, input, greedySettings) : [];
    const trace = await traceExample(subject, exampleOf(encoding, input, null, said ?? null));
    const holds = trace.recurrences.flatMap(({ node, described, values }): Hold[] =>
      described.values.map(({ name }, at) => {
        const step = at % described.steps.length;
        const array = values.get(name);
        const value = array?.data[step * (array.shape[1] ?? 0)] ?? Number.NaN;
        const { layer, direction } = described;
        return { node, layer, direction, line: name, units: [0], value, steps: { from: step, to: step } };
      }),
    );
    expect(holds.length).toBeGreaterThan(0);
    const { trace: held } = await whatIf(trace, holds, null, { kind: 'loss' });
    close('logits', [...held.logits.data], [...trace.logits.data], 1e-5);
    for (const [index, one] of held.recurrences.entries())
      for (const [name, { data }] of one.values)
        close(name, [...data], [...(trace.recurrences[index]?.values.get(name)?.data ?? [])], 1e-5);
    // What is said token by token is said so with it, too.
    if (held.prediction.kind === 'sequence' && trace.prediction.kind === 'sequence')
      expect(held.prediction.hypotheses[0]?.tokens).toEqual(trace.prediction.hypotheses[0]?.tokens);
    const [first] = holds;
    const other = await whatIf(trace, [{ ...(first as Hold), units: null, steps: null, value: 0.7 }], null, { kind: 'loss' });
    const moved = other.trace.recurrences.some(({ values }, at) =>
      [...values].some(([name, { data }]) => data.some((one, i) => one !== trace.recurrences[at]?.values.get(name)?.data[i])),
    );
    expect(moved).toBe(true);
    model.dispose();
  });
});

it('gives way at each step of what is held, other work may run in between, and nothing is left behind', async () => {
  const trace = await traced(withGraph(syntheticTask('step-tagging', {}, 20), cellsOfTasks[0], { layers: 2 }));
  const { subject, example, recurrences } = trace;
  const holds = recurrences.flatMap(({ node, described: { layer, direction, values } }): Hold[] =>
    values.slice(0, 1).map(({ name }) => ({ node, layer, direction, line: name, units: null, value: 0.4, steps: null })),
  );
  expect(holds.length).toBeGreaterThanOrEqual(2);
  const { model } = subject;
  const logits = (watch: HoldWatch): Float32Array => {
    const head = model.values(toTensors(example.batch), { dropout: null, watch }).get(portKey(model.plan.head, 'logits'));
    if (head?.type !== 'sequence') throw new Error('the plan has no head of a step');
    return readArray(head.tensor).data;
  };
  const expected = inScope(() => logits(new HoldWatch(holds)));
  const before = tf.memory().numTensors;
  const watch = new HoldWatch(holds);
  const work = inLongScope(watch.inPieces(() => logits(watch)));
  let pieces = 0;
  for (;;) {
    const { done, value } = work.next();
    if (done === true) {
      expect([...value]).toEqual([...expected]);
      break;
    }
    pieces++;
    const others = tf.tidy(() => tf.add(tf.scalar(pieces), 1));
    expect(others.dataSync()[0]).toBe(pieces + 1);
    others.dispose();
  }
  expect(pieces).toBeGreaterThanOrEqual(holds.length * (example.batch.steps + 1));
  expect(tf.memory().numTensors).toBe(before);
  const ended = inLongScope(watch.inPieces(() => logits(watch)));
  for (let piece = 0; piece < 3; piece++) ended.next();
  expect(tf.memory().numTensors).toBeGreaterThan(before);
  ended.return(expected);
  expect(tf.memory().numTensors).toBe(before);
  model.dispose();
});

describe('a token that is another one', () => {
  it('is read as if it had been written so; what moves is told', async () => {
    const trace = await traced(syntheticTask('sequence-classification', {}, 20));
    const { subject, example } = trace;
    const { words } = example;
    for (const text of ['f', 'f zz', '']) {
      const edit = { step: 1, text };
      const found = await whatIf(trace, [], edit, { kind: 'class', class: 'yes' });
      const written = [...words.slice(0, 1), ...text.split(' ').filter(Boolean), ...words.slice(2)].join(' ');
      const own = await traceExample(subject, exampleOf(subject.encoding, readText(subject.encoding, written), null, null));
      expect([...found.trace.logits.data]).toEqual([...own.logits.data]);
      expect(found.trace.example.words).toEqual(own.example.words);
      expect(found.trace.example.unknown).toEqual(own.example.unknown);
      const typed = text.split(' ').filter(Boolean).length;
      expect(found.was).toEqual([0, ...Array.from({ length: typed }, () => null), ...words.slice(2).map((_, at) => at + 2)]);
      expect(found.trace.example.target).toEqual(example.target);
    }
    await expect(whatIf(trace, [], { step: 99, text: 'a' }, { kind: 'loss' })).rejects.toMatchObject({
      failure: { code: 'no-token' },
    });
    subject.model.dispose();
  });

  it('moves what is asked of later steps, and leaves tags unknown where there are more tokens', async () => {
    const trace = await traced(syntheticTask('step-tagging', {}, 20));
    const of = { kind: 'class', class: '1', step: 2 } as const;
    const same = await whatIf(trace, [], { step: 2, text: trace.example.words[2] ?? '' }, of);
    expect(same.after).toBe(same.before);
    const longer = await whatIf(trace, [], { step: 0, text: `${trace.example.words[0]} b` }, of);
    const own = await whatIf(longer.trace, [], null, { ...of, step: 3 });
    expect(longer.after).toBe(own.before);
    expect(longer.trace.example.target).toBeNull();
    expect((await whatIf(trace, [], { step: 0, text: 'a b' }, { kind: 'loss' })).after).toBeNull();
    trace.subject.model.dispose();
  });

  it('is said anew by a model that says sequences', async () => {
    const trace = await traced(reversalTask({ hidden: 6, examples: 9 }));
    const { subject } = trace;
    const { trace: changed } = await whatIf(trace, [], { step: 0, text: 'f' }, { kind: 'loss' });
    const { words } = trace.example;
    const [fresh] = await predictSequence(
      subject,
      readText(subject.encoding, ['f', ...words.slice(1)].join(' ')),
      greedySettings,
    );
    expect(changed.prediction.kind === 'sequence' && changed.prediction.hypotheses[0]?.tokens).toEqual(fresh?.tokens);
    subject.model.dispose();
  });
});

it('numbers of a step are read as if they had been written so', async () => {
  const trace = await traced(syntheticTask('forecasting', {}, 20));
  const { subject, example } = trace;
  const rows = example.words.map((word) => [Number(word)]);
  expect(rows.flat().every((value) => Number.isFinite(value) && value !== 0)).toBe(true);
  const own = async (written: readonly (readonly number[])[]) =>
    traceExample(subject, exampleOf(subject.encoding, readSeries(subject.encoding, written), null, null));
  close('as it stands', [...(await own(rows)).logits.data], [...trace.logits.data], 1e-5);
  for (const [text, typed] of [
    ['12.5', [[12.5]]],
    ['', []],
  ] as const) {
    const found = await whatIf(trace, [], { step: 2, text }, { kind: 'loss' });
    const wanted = await own([...rows.slice(0, 2), ...typed, ...rows.slice(3)]);
    close(text, [...found.trace.logits.data], [...wanted.logits.data], 1e-5);
    expect(found.trace.example.words).toEqual(wanted.example.words);
    expect(found.was.slice(0, 4)).toEqual(text === '' ? [0, 1, 3, 4] : [0, 1, null, 3]);
    expect(found.after).not.toBe(found.before);
  }
  await expect(whatIf(trace, [], { step: 2, text: 'cat' }, { kind: 'loss' })).rejects.toMatchObject({
    failure: { code: 'bad-input' },
  });
  subject.model.dispose();
});

it('what is held must be there', async () => {
  const trace = await traced(syntheticTask('sequence-classification', {}, 20));
  const hold: Hold = { node: 'rnn', layer: 0, direction: 'forward', line: 'z', units: [0], value: 0, steps: null };
  const ask = (change: Partial<Hold>) => whatIf(trace, [{ ...hold, ...change }], null, { kind: 'loss' });
  await expect(ask({ line: 'q' })).rejects.toThrow('no line q');
  await expect(ask({ node: 'cell' })).rejects.toThrow('no line z');
  await expect(ask({ direction: 'backward' })).rejects.toThrow('no line z');
  await expect(ask({ units: [8] })).rejects.toThrow('no unit 8');
  trace.subject.model.dispose();
});

it('figures over a split are those of the network with something held', async () => {
  const { plan, data, document } = syntheticTask('sequence-classification', {}, 20);
  const model = new Model(plan, initializeParameters(plan, 3));
  const judged = { ...judgedBy(plan, data, document.training), split: 'test', step: 1 } as const;
  const hold: Hold = { node: 'rnn', layer: 0, direction: 'forward', line: "h'", units: null, value: 0, steps: null };
  const before = tf.memory().numTensors;
  const [plain, held, some] = [
    await evaluate(model, judged),
    await evaluate(model, { ...judged, watchAt: holdsFrom([hold]) }),
    await evaluate(model, { ...judged, most: 7 }),
  ];
  expect(tf.memory().numTensors).toBe(before);
  // Nothing but the bias of the head is left, and the same is said of all.
  const head = [...(await model.read())].find(([name]) => /bias$/.test(name) && !/_l0/.test(name))?.[1].data ?? [];
  const logarithms = [...head].map((one) => one - Math.log([...head].reduce((sum, other) => sum + Math.exp(other), 0)));
  const targets = [...(data.splits.test.classTargets ?? [])];
  const loss = (of: readonly number[]): number => -of.reduce((sum, id) => sum + (logarithms[id] ?? Number.NaN), 0) / of.length;
  expect(held?.values['loss']).toBeCloseTo(loss(targets), 5);
  expect(Math.abs((plain?.values['loss'] ?? 0) - loss(targets))).toBeGreaterThan(1e-4);
  const few = await evaluate(model, { ...judged, most: 7, watchAt: holdsFrom([hold]) });
  expect(few?.values['loss']).toBeCloseTo(loss(spread(targets.length, 7).map((at) => targets[at] ?? 0)), 5);
  expect(some?.values['loss']).not.toBeCloseTo(plain?.values['loss'] ?? 0, 4);
  model.dispose();
});
