import { chooseLoss, headKind } from '../../compile/loss-kind.ts';
import type { Plan } from '../../compile/plan.ts';
import type { DataEncoding } from '../../data/dataset.ts';
import { mapSourcePaths } from '../../document/data-files.ts';
import type { UnrollDocument } from '../../document/schema.ts';
import { expandBlocks } from '../../graph/blocks/expand.ts';
import { torchLayer } from '../../layers/torch-modules.ts';
import { headlineMetric } from '../../metrics/headline.ts';
import { carried, className, everyStep, headWidth, torchModules, torchNode } from './torch-plan.ts';

/**
 * `config.json`: the model as data, in PyTorch's words: one entry per layer with its modules (class and arguments) and what is wired
 * into it. The names that the user gave are here, as strings, and nowhere in the code. `unroll` is what the app needs to open the folder
 * again: the graph as on the canvas, and which data trained it.
 */
export function configJson(document: UnrollDocument, plan: Plan, encoding: DataEncoding): string {
  const names = new Map(plan.modules.map((module) => [module.id, module.name]));
  const labels = new Map(expandBlocks(document).graph.nodes.map((node) => [node.id, node.label ?? null]));
  const layers = plan.modules.map((module) => ({
    name: module.name,
    kind: module.kind,
    label: labels.get(module.id) ?? null,
    settings: withoutFolder(module.config),
    modules: Object.fromEntries(
      torchLayer(module.kind)
        .modules(torchNode(module))
        .map((entry) => [
          entry.attribute,
          { class: entry.className.replace(/^nn\./, 'torch.nn.'), arguments: entry.arguments, frozen: entry.frozen ?? false },
        ]),
    ),
    inputs: Object.fromEntries(
      Object.entries(module.inputs).map(([port, wires]) => [port, wires.map((wire) => `${names.get(wire.module)}.${wire.port}`)]),
    ),
  }));
  const head = headKind(plan);
  const { metric, higherIsBetter } = headlineMetric(encoding);
  const config = {
    format: 'unroll-pytorch',
    version: 1,
    name: document.name,
    task: plan.task,
    class: className(plan),
    data: plan.facts,
    layers,
    output: names.get(plan.head),
    head: {
      kind: head,
      every_step: everyStep(plan),
      classes: head === 'linear-regression' ? 0 : head === 'dense-sigmoid' ? 2 : headWidth(plan),
      loss: chooseLoss(plan, document.training.loss),
    },
    carries_state: carried(torchModules(plan)).length > 0,
    judged_by: { metric, higher_is_better: higherIsBetter },
    training: document.training,
    unroll: {
      document: portable(document),
      fingerprint: encoding.fingerprint,
      longest_target: encoding.longestTarget ?? null,
    },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** The document without the folders of the computer that it comes from: a data file keeps its name alone. */
function portable(document: UnrollDocument): UnrollDocument {
  const { data } = document;
  const pathless = (within: UnrollDocument['nodes']) => within.map((node) => ({ ...node, params: withoutFolder(node.params) }));
  const blocks = document.blocks.map((block) => ({ ...block, nodes: pathless(block.nodes) }));
  const graph = { ...document, nodes: pathless(document.nodes), blocks };
  if (data?.source.kind !== 'file') return graph;
  return { ...graph, data: { ...data, source: mapSourcePaths(data.source, (path) => fileName(path) || 'data') } };
}

/** A file of word vectors keeps its name alone, too. */
function withoutFolder<T extends Readonly<Record<string, unknown>>>(settings: T): T {
  const { vectors } = settings;
  return typeof vectors === 'string' && vectors !== '' ? { ...settings, vectors: fileName(vectors) } : settings;
}

const fileName = (path: string): string => path.split(/[\\/]/).at(-1) ?? '';
