import { create } from 'zustand';
import type { SentSize } from '../../engine/protocol/transfer.ts';

interface Question {
  readonly host: string;
  readonly size: SentSize;
  answer(send: boolean): void;
}

/** What is asked before files that were not chosen one by one leave this computer, or `null`. */
export const useSendQuestion = create<{ readonly question: Question | null }>(() => ({ question: null }));

/** Asks whether to send so much. A question that is still open is answered with no. */
export function askToSend(host: string, size: SentSize): Promise<boolean> {
  useSendQuestion.getState().question?.answer(false);
  return new Promise((resolve) => {
    useSendQuestion.setState({
      question: {
        host,
        size,
        answer(send) {
          useSendQuestion.setState({ question: null });
          resolve(send);
        },
      },
    });
  });
}
