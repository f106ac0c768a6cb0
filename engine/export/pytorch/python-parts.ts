import type { Plan } from '../../compile/plan.ts';
import type { TaskKind } from '../../document/data-binding.ts';
import { featuresFiles } from '../features/features-files.ts';
import type { MediaKind } from '../features/media-json.ts';
import { pythonFile } from '../python-file.ts';
import { inputName } from './torch-plan.ts';

/**
 * Parts that depend on what is asked of the network: `predict.py`, the check of its predictions, the example that `look_inside.py` looks
 * at, and the targets of `train.py`.
 */
const ofTask: Readonly<Record<TaskKind, { readonly says: 'labels' | 'sequence' | 'language'; readonly target: string }>> = {
  'sequence-classification': { says: 'labels', target: 'class' },
  'step-tagging': { says: 'labels', target: 'tags' },
  'sequence-regression': { says: 'labels', target: 'numbers' },
  forecasting: { says: 'labels', target: 'numbers' },
  'sequence-to-sequence': { says: 'sequence', target: 'sequence' },
  'language-model': { says: 'language', target: 'next' },
};

/** The same in every export. */
const always = [
  ...['network.py', 'weights.py', 'test_parity.py', 'parity.py'],
  ...[
    'train.py',
    'data.py',
    'rows.py',
    'splits.py',
    'batches.py',
    'chance.py',
    'forward.py',
    'losses.py',
    'metrics.py',
    'optim.py',
  ],
  ...['progress.py', 'checkpoints.py', 'distributed.py'],
  ...['look_inside.py', 'recurrences.py', 'equations.py', 'through_time.py', 'saliency.py', 'made.py', 'answers.py'],
  ...['examples.py', 'tables.py', 'archives.py', 'json_rows.py', 'cells.py', 'lists.py', 'dates.py'],
];

/** How the network answers, as the names of files of `../python` say it. */
export const waySaid = ({ task }: Plan): 'labels' | 'sequence' | 'language' => ofTask[task].says;

/**
 * The Python of an export that nothing is generated in, `name → text`: files of `../python`, those that this network needs.
 *
 * @param running whether it reads a running text
 */
export function pythonParts(plan: Plan, media: MediaKind | null, running: boolean): Map<string, string> {
  const { says, target } = ofTask[plan.task];
  const input = inputName(plan) === 'tokens' ? 'text' : media === null ? 'series' : 'media';
  const reads = input === 'text' || says === 'sequence';
  return new Map([
    ['predict.py', pythonFile(`predict_${says}.py`)],
    ['inputs.py', pythonFile(`inputs_${input}.py`)],
    ['targets.py', pythonFile(`targets_${target}.py`)],
    ['parity_predictions.py', pythonFile(`parity_${says}.py`)],
    ['example.py', pythonFile(`example_${says}.py`)],
    ...(reads ? [copied('tokens.py')] : []),
    ...(says === 'sequence' ? [copied('decode.py'), copied('beam_tree.py'), copied('token_errors.py')] : []),
    ...(plan.task === 'forecasting' ? [copied('windows.py')] : []),
    ...(running ? [copied('running_text.py')] : []),
    ...(media === null ? [] : featuresFiles(media)),
    ...always.map(copied),
  ]);
}

const copied = (name: string): readonly [string, string] => [name, pythonFile(name)];
