import type { DataBinding } from '../document/data-binding.ts';
import type { UnrollDocument } from '../document/schema.ts';
import type { Finding } from './finding.ts';
import { warning } from './finding.ts';

/**
 * Training on from the weights of a run: they belong to that run's vocabulary, so other data is read in its words.
 *
 * @param run the document that the run was trained with
 */
export function otherVocabulary(document: UnrollDocument, run: UnrollDocument): readonly Finding[] {
  const [here, there] = [document.data, run.data];
  if (here === null || there === null) return [];
  // Other settings of the same text do not count: it is split as the run did.
  if (JSON.stringify(here.source) === JSON.stringify(there.source)) return [];
  const lost = there.tokenizer.level === 'word' ? 'words' : 'characters';
  return [
    warning(
      null,
      `the run’s weights know the ${lost} of ${nameOf(there)}, but they are trained on with ${nameOf(here)}: ${lost} that only the new data has are read as <unk>`,
      'Train on with data of the same kind, or train anew with a vocabulary of its own.',
      { label: 'Use the run’s data', apply: (d: UnrollDocument): UnrollDocument => ({ ...d, data: there }) },
    ),
  ];
}

const nameOf = ({ source }: DataBinding): string =>
  source.kind === 'file' ? `“${source.path.split(/[\\/]/).at(-1) ?? source.path}”` : `the ${source.name} template`;
