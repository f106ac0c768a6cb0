// npx tsx templates/agreement/by-distance.ts [SEED,SEED,…] [DEVICE]: which cell learns which distance? Each is trained on sentences of one
// distance alone, with the template's own settings, and judged on other sentences of the same distance.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { activateBackend, activateBest } from '../../engine/backends/choose.tf.ts';
import { compilePlan } from '../../engine/compile/compile-plan.ts';
import { prepareData } from '../../engine/data/prepare.ts';
import { dataBinding } from '../../engine/document/data-binding.ts';
import { Random } from '../../engine/random.ts';
import { MemorySink } from '../../engine/training/memory-sink.test-support.ts';
import { TrainingSession } from '../../engine/training/session.tf.ts';
import { findTemplate } from '../registry.ts';
import { beginning } from './data.ts';

/** Words between subject and verb, from and to. */
const distances = [
  [3, 4],
  [7, 8],
  [11, 12],
  [15, 16],
  [19, 22],
  [29, 32],
] as const;
const cells = ['rnn', 'gru', 'lstm'] as const;
const sentences = 4000;

const [seeds = '1,2,3', device = ''] = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'unroll-agreement-'));
try {
  if (device === 'wasm' || device === 'tensorflow') await activateBackend(device);
  else await activateBest();
  for (const [from, to] of distances) {
    const path = join(folder, `${from}.tsv`);
    await writeFile(path, sentencesOf(from, to));
    for (const cell of cells) {
      const reached: string[] = [];
      for (const seed of seeds.split(',')) reached.push(percent(await testAccuracy(path, cell, Number(seed))));
      process.stdout.write(`${from} to ${to} words, ${cell}: ${reached.join(', ')}\n`);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** A table of different sentences of one distance, with their verbs. */
function sentencesOf(from: number, to: number): string {
  const random = new Random(7, `distance ${from}`);
  const lines = new Map<string, string>();
  while (lines.size < sentences) {
    const { text, verb, distance } = beginning(random);
    if (distance >= from && distance <= to) lines.set(text, verb);
  }
  return ['sentence\tverb', ...Array.from(lines, ([text, verb]) => `${text}\t${verb}`)].join('\n');
}

async function testAccuracy(path: string, cell: string, seed: number): Promise<number> {
  const template = findTemplate('agreement').document();
  const binding = dataBinding.parse({
    source: {
      kind: 'file',
      path,
      reader: { format: 'delimited', delimiter: '\t', header: true, inputColumns: ['sentence'], targetColumns: ['verb'] },
    },
    task: 'sequence-classification',
  });
  const edges = template.edges.map((edge) => (edge.to.port === 'cell' ? { ...edge, from: { node: cell, port: 'cell' } } : edge));
  const data = await prepareData(binding);
  const compiled = compilePlan({ ...template, edges, data: binding }, data.encoding.facts);
  if (!compiled.ok) throw new Error(`the graph does not compile: ${compiled.problems[0]?.message ?? ''}`);
  const sink = new MemorySink();
  const settings = { ...template.training, epochs: 12, seed };
  const session = new TrainingSession({ plan: compiled.plan, data, settings, sink });
  try {
    await session.run();
  } finally {
    session.dispose();
  }
  return sink.evaluations.find(({ split }) => split === 'test')?.values['accuracy'] ?? Number.NaN;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
