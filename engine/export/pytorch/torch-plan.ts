import { findCell, torchCell } from '../../cells/registry.ts';
import type { Plan } from '../../compile/plan.ts';
import type { PlanModule } from '../../layers/plan-module.ts';
import type { TorchModule, TorchNode } from '../../layers/torch.ts';
import { torchLayer } from '../../layers/torch-modules.ts';
import type { CellDescription } from '../../shapes/value-type.ts';

/** A plan's module as its PyTorch side sees it. */
export function torchNode(module: PlanModule): TorchNode<unknown> {
  const cell = cellOf(module);
  return { ...module, cell: cell && torchCell(cell) };
}

/** The cell wired into a wrapper, or `null`. */
export function cellOf(module: PlanModule): CellDescription | null {
  const value = module.inputTypes['cell']?.[0];
  return value?.type === 'cell' ? value.cell : null;
}

/** Every attribute of the exported module, in the order of the plan. */
export function torchModules(plan: Plan): readonly TorchModule[] {
  return plan.modules.flatMap((module) => torchLayer(module.kind).modules(torchNode(module)));
}

/** Attributes of the exported module itself, without those of the blocks in it. */
export const ownModules = (plan: Plan): readonly TorchModule[] =>
  torchModules({ ...plan, modules: plan.modules.filter(outsideBlocks) });

/** Whether a module lies in no block. */
export const outsideBlocks = ({ name }: PlanModule): boolean => !name.includes('.');

/** Attributes that carry a state which starts at zero: what `init_hidden` makes. */
export const carried = (modules: readonly TorchModule[]): readonly TorchModule[] =>
  modules.filter((module) => module.state !== undefined && !module.state.given);

/** What `forward` takes first. */
export const inputName = (plan: Plan): 'tokens' | 'series' =>
  plan.modules.some((module) => numericInputs.has(module.kind)) ? 'series' : 'tokens';

const numericInputs: ReadonlySet<string> = new Set(['series-input', 'image-input', 'frames-input']);

/** The plan's head. */
export function headOf(plan: Plan): PlanModule {
  const head = plan.modules.find((module) => module.id === plan.head);
  if (head === undefined) throw new Error('the plan has no head');
  return head;
}

/** Width of the head's output: classes, 1 for a probability, or targets. */
export function headWidth(plan: Plan): number {
  return headOf(plan).parameters.find((spec) => spec.name === 'bias')?.shape[0] ?? 0;
}

/** Whether the head speaks at every step. */
export const everyStep = (plan: Plan): boolean => headOf(plan).inputTypes['input']?.[0]?.type === 'sequence';

const roles = {
  'sequence-classification': 'Classifier',
  'step-tagging': 'Tagger',
  'sequence-regression': 'Regressor',
  forecasting: 'Forecaster',
  'sequence-to-sequence': 'Seq2Seq',
  'language-model': 'LanguageModel',
} as const;

/** Name of the exported class, e.g. `BiLSTMTagger`: from the graph alone, never from a user's text. */
export function className(plan: Plan): string {
  const wrappers = plan.modules.flatMap((module) => {
    const cell = cellOf(module);
    return cell === null ? [] : [`${module.kind === 'bidirectional' ? 'Bi' : ''}${findCell(cell.kind)?.word ?? ''}`];
  });
  const kinds = new Set(wrappers);
  const [only] = kinds;
  const prefix = kinds.size === 1 && only !== undefined ? only : kinds.size === 0 ? '' : 'Recurrent';
  return `${prefix}${roles[plan.task]}`;
}
