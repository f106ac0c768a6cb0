import type { Plan } from '../../compile/plan.ts';
import type { DataEncoding } from '../../data/dataset.ts';
import type { UnrollDocument } from '../../document/schema.ts';
import { encodeSafetensors, type NamedTensor } from '../../files/safetensors.ts';
import { featuresFiles } from '../features/features-files.ts';
import { mediaKind } from '../features/media-json.ts';
import { pythonFile } from '../python-file.ts';
import { configJson } from './config-json.ts';
import { type Goldens, goldensJson } from './goldens.ts';
import { writeModule } from './module-writer.ts';
import { parityScript } from './parity-script.ts';
import { predictScript } from './predict-script.ts';
import { readme } from './readme.ts';
import { stateDict } from './state-dict.ts';
import { trainScript } from './train/train-script.ts';
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
    ['README.md', readme(plan, media)],
    ['model.py', writeModule(plan)],
    ['predict.py', predictScript(plan, media)],
    ...(plan.task === 'sequence-to-sequence' ? [copied('decode.py')] : []),
    ...(media === null ? [] : featuresFiles(media)),
    ['train.py', trainScript(plan, media)],
    copied('settings.py'),
    copied('examples.py'),
    copied('tables.py'),
    copied('archives.py'),
    copied('cells.py'),
    copied('lists.py'),
    copied('dates.py'),
    ['test_parity.py', parityScript(plan, media)],
    copied('weights.py'),
    ['config.json', configJson(document, plan, encoding)],
  ]);
}

const copied = (name: string): readonly [string, string] => [name, pythonFile(name)];

/** The whole PyTorch project, `file name → content`. Pure. */
export function exportPytorch(model: TrainedModel): Map<string, Uint8Array | string> {
  return new Map<string, Uint8Array | string>([
    ...codeFiles(model),
    ['vocabulary.json', vocabularyJson(model.encoding)],
    ['golden.json', goldensJson(model.goldens)],
    ['model.safetensors', encodeSafetensors(stateDict(model.plan, model.parameters), { format: 'pt' })],
  ]);
}
