import { parseArgs } from 'node:util';
import { startBfloat16 } from '../../engine/backends/bfloat16.tf.ts';
import { activateBackend } from '../../engine/backends/choose.tf.ts';
import { compilePlan } from '../../engine/compile/compile-plan.ts';
import { prepareData } from '../../engine/data/prepare.ts';
import type { UnrollDocument } from '../../engine/document/schema.ts';
import { allowBfloat16 } from '../../engine/kernels/native/rounded-products.ts';
import { UserError } from '../../engine/protocol/envelope.ts';
import { hasBfloat16 } from '../../engine/toolchain/processor.ts';
import { MemorySink } from '../../engine/training/memory-sink.test-support.ts';
import { TrainingSession } from '../../engine/training/session.tf.ts';
import { findTemplate } from '../../templates/registry.ts';

/*
 * Whether training with products in bfloat16 learns as in float32: validation losses of both over the same epochs, from the same seeds.
 * See docs/benchmark.md.
 *
 *   npm run bench:curves [-- --only REGEX --seeds 5]
 */
const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, seeds: { type: 'string', default: '5' } } });
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const types = ['float32', 'bfloat16'] as const;

interface Curve {
  readonly title: string;
  readonly template: string;
  readonly epochs: number;
  readonly change?: (document: UnrollDocument) => UnrollDocument;
}

const curves: readonly Curve[] = [
  { title: 'syllables, GRU both ways', template: 'syllables', epochs: 3 },
  { title: 'name-tagger, LSTM both ways', template: 'name-tagger', epochs: 2 },
  { title: 'spam-filter, LSTM', template: 'spam-filter', epochs: 3 },
  { title: 'temperature, GRU, a forecast', template: 'temperature', epochs: 6 },
  { title: 'dates, GRU with attention', template: 'dates', epochs: 3 },
  { title: 'pos-tagger, LSTM both ways', template: 'pos-tagger', epochs: 3 },
  { title: 'characters of Moby-Dick, 2 × LSTM 256', template: 'language-model', epochs: 2, change: twoLayers },
];

try {
  await activateBackend('tensorflow');
  const verdict = await startBfloat16(hasBfloat16());
  if (!verdict.used) throw new UserError({ code: 'no-bfloat16', message: `Products in bfloat16 ${verdict.reason}.` });
  say(
    '| validation loss after the last epoch | epochs | float32 | bfloat16 | difference | of its standard error | farthest of any epoch and seed |',
  );
  say('| --- | --- | --- | --- | --- | --- | --- |');
  const only = new RegExp(values.only);
  for (const curve of curves) if (only.test(curve.title)) await compare(curve, Number(values.seeds));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  say(error.failure.message);
  process.exitCode = 1;
}

/** A second LSTM between the first and the head, both 256 wide. */
function twoLayers(document: UnrollDocument): UnrollDocument {
  const nodes = document.nodes.map((node) =>
    node.kind === 'lstm-cell' ? { ...node, params: { ...node.params, hidden: 256 } } : node,
  );
  const copied = nodes.filter(({ id }) => id === 'cell' || id === 'unroll').map((node) => ({ ...node, id: `${node.id}2` }));
  const edges = document.edges.flatMap((edge) => {
    if (edge.from.node === 'cell')
      return [edge, { id: 'cell2', from: { ...edge.from, node: 'cell2' }, to: { ...edge.to, node: 'unroll2' } }];
    if (edge.from.node !== 'unroll') return [edge];
    return [
      { id: 'layers', from: edge.from, to: { node: 'unroll2', port: 'sequence' } },
      { ...edge, from: { ...edge.from, node: 'unroll2' } },
    ];
  });
  return { ...document, nodes: [...nodes, ...copied], edges };
}

async function compare({ title, template, epochs, change = (document) => document }: Curve, seeds: number): Promise<void> {
  const original = change(findTemplate(template).document());
  if (original.data === null) throw new Error(`the template ${template} has no data`);
  const data = await prepareData(original.data);
  const compiled = compilePlan(original, data.encoding.facts);
  if (!compiled.ok) throw new Error(compiled.problems.map((problem) => problem.message).join('; '));
  const losses: Record<(typeof types)[number], number[][]> = { float32: [], bfloat16: [] };
  for (let seed = 1; seed <= seeds; seed++)
    for (const type of types) {
      allowBfloat16(type === 'bfloat16');
      const sink = new MemorySink();
      const settings = { ...original.training, epochs, seed };
      const session = new TrainingSession({ plan: compiled.plan, data, settings, sink });
      try {
        await session.run();
      } finally {
        session.dispose();
      }
      losses[type].push(
        sink.evaluations.filter(({ split }) => split === 'validation').map(({ values: found }) => found['loss'] ?? Number.NaN),
      );
    }
  const last = (type: (typeof types)[number]): number[] => losses[type].map((curve) => curve.at(-1) ?? Number.NaN);
  const [plain, rounded] = [last('float32'), last('bfloat16')];
  const difference = mean(rounded) - mean(plain);
  const error = Math.sqrt((spread(plain) ** 2 + spread(rounded) ** 2) / seeds);
  const farthest = Math.max(
    ...losses.float32.flatMap((curve, seed) =>
      curve.map((loss, epoch) => Math.abs(loss - (losses.bfloat16[seed]?.[epoch] ?? Number.NaN))),
    ),
  );
  const figures = [
    `${mean(plain).toFixed(4)} ± ${spread(plain).toFixed(4)}`,
    `${mean(rounded).toFixed(4)} ± ${spread(rounded).toFixed(4)}`,
  ];
  say(
    `| ${title} | ${epochs} | ${figures.join(' | ')} | ${difference.toPrecision(2)} | ${(Math.abs(difference) / error).toFixed(1)} | ${farthest.toPrecision(2)} |`,
  );
}

function mean(all: readonly number[]): number {
  return all.reduce((sum, value) => sum + value, 0) / all.length;
}

/** Standard deviation. */
function spread(all: readonly number[]): number {
  const middle = mean(all);
  return Math.sqrt(all.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (all.length - 1));
}
