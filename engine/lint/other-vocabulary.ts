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
  const remedy = {
    label: 'Use the run’s data',
    apply: (d: UnrollDocument): UnrollDocument => ({ ...d, data: there }),
  };
  if (JSON.stringify(here.source) !== JSON.stringify(there.source)) {
    return [
      warning(
        null,
        `the run’s weights know the words of ${nameOf(there)}, but they are trained on with ${nameOf(here)}: words that only the new data has are read as <unk>`,
        'Train on with data of the same kind, or train anew with a vocabulary of its own.',
        remedy,
      ),
    ];
  }
  // Other tasks are read with the run's own tokenizer anyway.
  if (here.task !== 'sequence-to-sequence' && here.task !== 'language-model') return [];
  const differs =
    JSON.stringify([here.tokenizer, here.targetTokenizer]) !== JSON.stringify([there.tokenizer, there.targetTokenizer]);
  if (!differs) return [];
  return [
    warning(null, 'the text is split into other tokens than those that the run’s weights know', 'Split it as the run did.', {
      label: 'Split it as the run did',
      apply: (d) =>
        d.data === null ? d : { ...d, data: { ...d.data, tokenizer: there.tokenizer, targetTokenizer: there.targetTokenizer } },
    }),
  ];
}

const nameOf = ({ source }: DataBinding): string =>
  source.kind === 'file' ? `“${source.path.split(/[\\/]/).at(-1) ?? source.path}”` : `the ${source.name} template`;
