import { create } from 'zustand';

export type UnsavedAnswer = 'save' | 'discard' | 'cancel';

interface Question {
  readonly name: string;
  answer(answer: UnsavedAnswer): void;
}

/** The question that is being asked, or `null`. */
export const useUnsaved = create<{ readonly question: Question | null }>(() => ({ question: null }));

/** Asks what to do with unsaved changes. */
export function askUnsaved(name: string): Promise<UnsavedAnswer> {
  return new Promise((resolve) => {
    useUnsaved.setState({
      question: {
        name,
        answer(answer) {
          useUnsaved.setState({ question: null });
          resolve(answer);
        },
      },
    });
  });
}
