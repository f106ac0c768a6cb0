// npx tsx templates/cells/compare.ts [SEED,SEED,…] [DEVICE]: the four cells of the template on two data sets, with the settings of those
// data's own templates, Adam on both: the metric of the test split for each seed.
import { activateBackend, activateBest } from '../../engine/backends/choose.tf.ts';
import { compilePlan } from '../../engine/compile/compile-plan.ts';
import { prepareData } from '../../engine/data/prepare.ts';
import { trainingSettings } from '../../engine/document/training-settings.ts';
import { MemorySink } from '../../engine/training/memory-sink.test-support.ts';
import { TrainingSession } from '../../engine/training/session.tf.ts';
import { findTemplate } from '../registry.ts';

/** Data, what judges it, and what differs from the settings of its template. */
const data = [
  ['adding', 'rmse', { optimizer: { kind: 'adam' }, learningRate: 0.02 }],
  ['agreement', 'accuracy', {}],
] as const;

const [seeds = '1,2,3', device = ''] = process.argv.slice(2);
if (device === 'wasm' || device === 'tensorflow') await activateBackend(device);
else await activateBest();
const cells = findTemplate('cells')
  .document()
  .nodes.filter((node) => node.kind === 'custom-cell');
for (const [name, metric, changed] of data) {
  const template = findTemplate(name).document();
  if (template.data === null) throw new Error(`the template ${name} has no data`);
  const prepared = await prepareData(template.data);
  for (const cell of cells) {
    // The cell takes the place of the template's own, as wide.
    const nodes = template.nodes.map((node) =>
      template.edges.some((edge) => edge.from.node === node.id && edge.to.port === 'cell')
        ? { ...cell, id: node.id, params: { ...cell.params, hidden: node.params['hidden'] ?? 24 } }
        : node,
    );
    const compiled = compilePlan({ ...template, nodes }, prepared.encoding.facts);
    if (!compiled.ok) throw new Error(`the graph does not compile: ${compiled.problems[0]?.message ?? ''}`);
    const reached: string[] = [];
    for (const seed of seeds.split(',')) {
      const before = process.cpuUsage();
      const sink = new MemorySink();
      const settings = trainingSettings.parse({ ...template.training, ...changed, seed: Number(seed) });
      const session = new TrainingSession({ plan: compiled.plan, data: prepared, settings, sink });
      try {
        await session.run();
      } finally {
        session.dispose();
      }
      const { user, system } = process.cpuUsage(before);
      const value = sink.evaluations.find(({ split }) => split === 'test')?.values[metric] ?? Number.NaN;
      reached.push(`${value.toFixed(3)} (${((user + system) / 1e6).toFixed(0)} s)`);
    }
    process.stdout.write(`${name}, ${cell.label ?? ''}: ${metric} ${reached.join(', ')}\n`);
  }
}
