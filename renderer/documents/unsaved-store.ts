import { create } from 'zustand';

export type UnsavedAnswer = 'save' | 'discard' | 'cancel';

/** 'unsaved': changes would be lost here; 'changed': somebody else's would be lost in the file. */
type Why = 'unsaved' | 'changed';

interface Question {
  readonly why: Why;
  readonly name: string;
  answer(answer: UnsavedAnswer): void;
}

/** The question that is being asked, or `null`. */
export const useUnsaved = create<{ readonly question: Question | null }>(() => ({ question: null }));

/**
 * Asks what to do with unsaved changes; of a file that changed: 'save' under another name, or 'discard' what is in it. A question that is
 * still open is cancelled.
 */
export function askUnsaved(name: string, why: Why = 'unsaved'): Promise<UnsavedAnswer> {
  useUnsaved.getState().question?.answer('cancel');
  return new Promise((resolve) => {
    useUnsaved.setState({
      question: {
        name,
        why,
        answer(answer) {
          useUnsaved.setState({ question: null });
          resolve(answer);
        },
      },
    });
  });
}
