import { create } from 'zustand';
import type { UnrollDocument } from '../../engine/document/schema.ts';
import type { Finding } from '../../engine/lint/finding.ts';
import { otherVocabulary } from '../../engine/lint/other-vocabulary.ts';
import { useDocumentStore } from '../store/document-store.ts';

interface Question {
  /** The document that the weights to start from were trained with; `null` for new weights. */
  readonly run: UnrollDocument | null;
  answer(start: boolean): void;
}

/** What is asked before a run starts, or `null`. */
export const useStartCheck = create<{ readonly question: Question | null }>(() => ({ question: null }));

/** What is worth a thought before the document on the canvas is trained. */
export function startWarnings(
  problems: readonly Finding[],
  document: UnrollDocument,
  run: UnrollDocument | null,
): readonly Finding[] {
  return [...problems.filter(({ severity }) => severity === 'warning'), ...(run === null ? [] : otherVocabulary(document, run))];
}

const keyOf = ({ node, edge, message }: Finding): string => `${node}/${edge}/${message}`;

/** Warnings with which a run was started all the same: they are not asked about again. */
const accepted = new Set<string>();

/** Whether to start now: yes where nothing new is worth a warning, otherwise as the user answers. */
export function confirmStart(run: UnrollDocument | null): Promise<boolean> {
  const { meaning, whole } = useDocumentStore.getState();
  if (startWarnings(meaning.problems, whole, run).every((finding) => accepted.has(keyOf(finding)))) return Promise.resolve(true);
  return new Promise((resolve) => {
    useStartCheck.setState({
      question: {
        run,
        answer(start) {
          useStartCheck.setState({ question: null });
          if (start) {
            const now = useDocumentStore.getState();
            for (const finding of startWarnings(now.meaning.problems, now.whole, run)) accepted.add(keyOf(finding));
          }
          resolve(start);
        },
      },
    });
  });
}
