import { matchWeights } from '../compile/match-plans.ts';
import type { Plan } from '../compile/plan.ts';
import type { DataEncoding } from '../data/dataset.ts';
import type { UnrollDocument } from '../document/schema.ts';
import type { TrainingSettings } from '../document/training-settings.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import { parameterName } from '../layers/plan-module.ts';
import { UserError } from '../protocol/envelope.ts';
import type { Checkpoint } from '../runs/checkpoint.ts';
import { gradientRule } from './gradient-free/gradient-rule.ts';
import { Ledger } from './ledger.ts';
import type { SessionFacts } from './session-facts.ts';
import { slotNames } from './slot-names.ts';

/** The document with the model's tokenizers: its vocabulary knows tokens that are cut as they were. */
export function inTermsOf(document: UnrollDocument, { binding }: DataEncoding): UnrollDocument {
  if (document.data === null) return document;
  const { tokenizer, targetTokenizer } = binding;
  const { languageModel } = document.data;
  // A model from before knows line ends as <eos> and <bos>.
  const unit =
    languageModel.unit === 'running' && binding.languageModel.unit === 'running-lines' ? 'running-lines' : languageModel.unit;
  return { ...document, data: { ...document.data, tokenizer, targetTokenizer, languageModel: { ...languageModel, unit } } };
}

/**
 * The weights of a model, by their names in a graph that may have parts of it in blocks, or out of them.
 *
 * @throws UserError `graph-differs` when the graph has other weights than the model
 */
export function weightsFor(
  plan: Plan,
  model: { readonly plan: Plan; readonly weights: ReadonlyMap<string, NamedTensor> },
): ReadonlyMap<string, NamedTensor> {
  const match = matchWeights(plan, model.plan);
  if (match === null) {
    requireSameWeights(plan, model.plan);
    return model.weights;
  }
  const renamed = [...match].map(([name, own]) => [name, model.weights.get(own)] as const);
  return new Map(renamed.flatMap(([name, tensor]) => (tensor === undefined ? [] : [[name, tensor]])));
}

function requireSameWeights(plan: Plan, model: Plan): void {
  const [wanted, found] = [shapesOf(plan), shapesOf(model)];
  for (const [name, shape] of wanted) {
    const own = found.get(name);
    if (own === undefined) throw graphDiffers(`${name} [${shape}] is not in the model`);
    if (own !== shape) throw graphDiffers(`${name} is [${shape}] in the graph, [${own}] in the model`);
  }
  const left = [...found.keys()].find((name) => !wanted.has(name));
  if (left !== undefined) throw graphDiffers(`${left} of the model is not in the graph`);
}

/** A checkpoint before the first step: the model's weights, and an optimizer that has seen nothing. */
export function startingCheckpoint(
  plan: Plan,
  settings: TrainingSettings,
  facts: SessionFacts,
  weights: ReadonlyMap<string, NamedTensor>,
): Checkpoint {
  const tensors = new Map(weights);
  const rule = gradientRule(settings.optimizer);
  if (rule === null) return { state: new Ledger(settings, facts, null).state, tensors };
  for (const module of plan.modules) {
    for (const spec of module.parameters) {
      const size = spec.shape.reduce((product, extent) => product * extent, 1);
      for (const slot of slotNames(rule)) {
        const name = `optimizer.${slot}.${parameterName(module, spec)}`;
        tensors.set(name, { dtype: 'F32', shape: spec.shape, data: new Float32Array(size) });
      }
    }
  }
  return { state: new Ledger(settings, facts, null).state, tensors };
}

const shapesOf = (plan: Plan): ReadonlyMap<string, string> =>
  new Map(
    plan.modules.flatMap((module) =>
      module.parameters.map((spec): [string, string] => [parameterName(module, spec), spec.shape.join()]),
    ),
  );

const graphDiffers = (what: string): UserError =>
  new UserError({
    code: 'graph-differs',
    message: `The graph is not that of the model to start from: ${what}.`,
    hint: 'Open the graph of that run, or start without its weights.',
  });
