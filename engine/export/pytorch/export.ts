import type { Plan } from '../../compile/plan.ts';
import type { DataEncoding } from '../../data/dataset.ts';
import type { UnrollDocument } from '../../document/schema.ts';
import { encodeSafetensors, type NamedTensor } from '../../runs/safetensors.ts';
import { featuresScript } from '../features/features-script.ts';
import { mediaKind } from '../features/media-json.ts';
import { configJson } from './config-json.ts';
import { decodeScript } from './decode-script.ts';
import { type Goldens, goldensJson } from './goldens.ts';
import { writeModule } from './module-writer.ts';
import { parityScript } from './parity-script.ts';
import { predictScript } from './predict-script.ts';
import { cellsScript } from './reading/cells-script.ts';
import { datesScript } from './reading/dates-script.ts';
import { examplesScript } from './reading/examples-script.ts';
import { listsScript } from './reading/lists-script.ts';
import { tablesScript } from './reading/tables-script.ts';
import { readme } from './readme.ts';
import { stateDict } from './state-dict.ts';
import { settingsScript } from './train/settings-script.ts';
import { trainScript } from './train/train-script.ts';
import { vocabularyJson } from './vocabulary-json.ts';
import { weightsScript } from './weights-script.ts';

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
    ...(plan.task === 'sequence-to-sequence' ? [['decode.py', decodeScript] as const] : []),
    ...(media === null ? [] : [['features.py', featuresScript(media)] as const]),
    ['train.py', trainScript(plan, media)],
    ['settings.py', settingsScript],
    ['examples.py', examplesScript],
    ['tables.py', tablesScript],
    ['cells.py', cellsScript],
    ['lists.py', listsScript],
    ['dates.py', datesScript],
    ['test_parity.py', parityScript(plan, media)],
    ['weights.py', weightsScript],
    ['config.json', configJson(document, plan, encoding)],
  ]);
}

/** The whole PyTorch project, `file name → content`. Pure. */
export function exportPytorch(model: TrainedModel): Map<string, Uint8Array | string> {
  return new Map<string, Uint8Array | string>([
    ...codeFiles(model),
    ['vocabulary.json', vocabularyJson(model.encoding)],
    ['golden.json', goldensJson(model.goldens)],
    ['model.safetensors', encodeSafetensors(stateDict(model.plan, model.parameters), { format: 'pt' })],
  ]);
}
