import type { Plan } from '../../compile/plan.ts';
import type { DataEncoding } from '../../data/dataset.ts';
import { isRunningText } from '../../document/data-binding.ts';
import type { UnrollDocument } from '../../document/schema.ts';
import { encodeSafetensors, type NamedTensor } from '../../files/safetensors.ts';
import { mediaKind } from '../features/media-json.ts';
import { configJson } from './config-json.ts';
import { type Goldens, goldensJson } from './goldens.ts';
import { writeModule } from './module-writer.ts';
import { pythonParts } from './python-parts.ts';
import { readme } from './readme.ts';
import { recurrencesJson } from './recurrences-json.ts';
import { stateDict } from './state-dict.ts';
import { vocabularyJson } from './vocabulary-json.ts';

export interface TrainedModel {
  readonly document: UnrollDocument;
  readonly plan: Plan;
  readonly encoding: DataEncoding;
  /** By the app's names `module.param`. */
  readonly parameters: ReadonlyMap<string, NamedTensor>;
  readonly goldens: Goldens;
}

/** The readable files, which need no weights: `name → text`. */
export function codeFiles({
  document,
  plan,
  encoding,
}: Pick<TrainedModel, 'document' | 'plan' | 'encoding'>): Map<string, string> {
  const media = mediaKind(encoding);
  return new Map([
    ['README.md', readme(plan, media, isRunningText(encoding.binding))],
    ['model.py', writeModule(plan)],
    ...pythonParts(plan, media, isRunningText(encoding.binding)),
    ['config.json', configJson(document, plan, encoding)],
    ['recurrences.json', recurrencesJson(plan)],
  ]);
}

/** What `train.py` needs, `file name → content`. Pure. */
export function trainingFiles(model: Omit<TrainedModel, 'goldens'>): Map<string, Uint8Array | string> {
  return new Map<string, Uint8Array | string>([
    ...codeFiles(model),
    ['vocabulary.json', vocabularyJson(model.encoding)],
    ['model.safetensors', encodeSafetensors(stateDict(model.plan, model.parameters), { format: 'pt' })],
  ]);
}

/** The whole PyTorch project, `file name → content`. Pure. */
export function exportPytorch(model: TrainedModel): Map<string, Uint8Array | string> {
  return trainingFiles(model).set('golden.json', goldensJson(model.goldens));
}
