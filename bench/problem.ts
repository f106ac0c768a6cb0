import { compilePlan } from '../engine/compile/compile-plan.ts';
import { initializeParameters } from '../engine/compile/initialize.ts';
import type { Plan } from '../engine/compile/plan.ts';
import type { Batch } from '../engine/data/dataset.ts';
import { dataBinding } from '../engine/document/data-binding.ts';
import { emptyDocument, type GraphEdge, type GraphNode, type UnrollDocument } from '../engine/document/schema.ts';
import type { NamedTensor } from '../engine/files/safetensors.ts';
import { parameterName } from '../engine/layers/plan-module.ts';
import { Random } from '../engine/random.ts';
import type { Task } from './cases.ts';

/** Weights by their names in PyTorch: `embedding.weight`, `rnn.weight_ih_l1_reverse`, `head.bias`. */
export type StateDict = ReadonlyMap<string, NamedTensor>;

/** The task as a document of Unroll: stacked layers are stacked nodes. */
export function taskDocument(task: Task): UnrollDocument {
  const position = { x: 0, y: 0 };
  const node = (id: string, kind: string, params: GraphNode['params'] = {}): GraphNode => ({ id, kind, params, position });
  const wire = (from: string, out: string, to: string, into: string): GraphEdge => ({
    id: `${from}-${to}`,
    from: { node: from, port: out },
    to: { node: to, port: into },
  });
  const wrapper = task.directions === 2 ? 'bidirectional' : 'recurrent';
  const form = task.cell === 'gru' ? { form: task.form } : {};
  const layers = Array.from({ length: task.layers }, (_, layer) => `layer${layer}`);
  return {
    ...emptyDocument('bench'),
    nodes: [
      node('tokens', 'token-input'),
      node('embedding', 'embedding', { width: task.embedding }),
      ...layers.flatMap((id, layer) => [
        task.own === null
          ? node(`cell${layer}`, `${task.cell}-cell`, { hidden: task.hidden, ...form })
          : node(`cell${layer}`, 'custom-cell', { hidden: task.hidden, equations: task.own.equations }),
        node(id, wrapper, { output: layer === task.layers - 1 ? task.head : 'every-step' }),
      ]),
      node('head', 'dense-softmax'),
    ],
    edges: [
      wire('tokens', 'tokens', 'embedding', 'tokens'),
      ...layers.flatMap((id, layer) => [
        layer === 0 ? wire('embedding', 'sequence', id, 'sequence') : wire(`layer${layer - 1}`, 'output', id, 'sequence'),
        wire(`cell${layer}`, 'cell', id, 'cell'),
      ]),
      wire(`layer${task.layers - 1}`, 'output', 'head', 'input'),
    ],
    data: dataBinding.parse({
      source: { kind: 'template', name: 'bench' },
      task: task.head === 'every-step' ? 'step-tagging' : 'sequence-classification',
    }),
  };
}

/** @throws Error when the document does not compile. */
export function taskPlan(task: Task): Plan {
  const facts = { vocabulary: task.vocabulary, classes: task.classes, features: null, targets: null };
  const compiled = compilePlan(taskDocument(task), facts);
  if (!compiled.ok) throw new Error(compiled.problems.map((problem) => problem.message).join('; '));
  return compiled.plan;
}

/** Our parameter names → PyTorch's: the second of two stacked wrappers holds layer 1. */
export function torchNames(plan: Plan): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  let layer = 0;
  for (const module of plan.modules) {
    const recurrent = module.kind === 'recurrent' || module.kind === 'bidirectional';
    const prefix = recurrent ? 'rnn' : module.kind === 'embedding' ? 'embedding' : 'head';
    for (const spec of module.parameters)
      names.set(parameterName(module, spec), `${prefix}.${spec.name.replace('_l0', `_l${layer}`)}`);
    if (recurrent) layer += 1;
  }
  return names;
}

/** Renames parameters by a plan's names; `back` from PyTorch's to ours. */
export function renamed(plan: Plan, tensors: StateDict, back = false): Map<string, NamedTensor> {
  const entries = [...torchNames(plan)].map(([ours, theirs]): [string, NamedTensor] => {
    const [from, to] = back ? [theirs, ours] : [ours, theirs];
    const tensor = tensors.get(from);
    if (tensor === undefined) throw new Error(`no weights ${from}`);
    return [to, tensor];
  });
  return new Map(entries);
}

/** A random batch of the task's shape: token ids without the special ones, lengths uniform. */
export function taskBatch({ rows, steps, shortest, vocabulary, classes }: Task): Batch {
  const random = new Random(5, 'bench');
  const lengths = Int32Array.from({ length: rows }, () => shortest + random.below(steps - shortest + 1));
  lengths[0] = steps;
  const tokens = new Int32Array(steps * rows);
  for (let t = 0; t < steps; t++)
    for (let b = 0; b < rows; b++) if (t < (lengths[b] ?? 0)) tokens[t * rows + b] = 4 + random.below(vocabulary - 4);
  return {
    rows,
    steps,
    tokens,
    series: null,
    lengths,
    classTargets: Int32Array.from({ length: rows }, () => random.below(classes)),
    tagTargets: null,
    numberTargets: null,
    examples: Uint32Array.from({ length: rows }, (_, i) => i),
  };
}

/** Everything that a peer is given of a step: the weights, `tokens [T, B]`, `lengths [B]`, `targets [B]`. */
export function stepTensors(task: Task): { readonly tensors: StateDict; readonly tokens: number } {
  const plan = taskPlan(task);
  const { rows, steps, tokens, lengths, classTargets } = taskBatch(task);
  const vector = (data: Int32Array): NamedTensor => ({ dtype: 'I32', shape: [data.length], data });
  const tensors = new Map<string, NamedTensor>([
    ...renamed(plan, initializeParameters(plan, 1)),
    ['tokens', { dtype: 'I32', shape: [steps, rows], data: tokens ?? new Int32Array() }],
    ['lengths', vector(lengths)],
    ['targets', vector(classTargets ?? new Int32Array())],
  ]);
  return { tensors, tokens: lengths.reduce((sum, length) => sum + length, 0) };
}

/** The batch again, out of `stepTensors`. */
export function batchOf(tensors: StateDict): Batch {
  const integers = (name: string): Int32Array => {
    const found = tensors.get(name);
    if (!(found?.data instanceof Int32Array)) throw new Error(`no integers ${name}`);
    return found.data;
  };
  const [steps = 0, rows = 0] = tensors.get('tokens')?.shape ?? [];
  return {
    rows,
    steps,
    tokens: integers('tokens'),
    series: null,
    lengths: integers('lengths'),
    classTargets: integers('targets'),
    tagTargets: null,
    numberTargets: null,
    examples: Uint32Array.from({ length: rows }, (_, i) => i),
  };
}
