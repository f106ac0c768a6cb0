import { type ChosenPathRequest, chosenPathAnswer, type WritePurpose } from '../protocol/chosen-path.ts';
import type { ParentPort } from './parent-port.ts';

let next = 1;

/** Asks the desktop shell whether a person has chosen a path: in a dialog, by a drop, by opening the file with Unroll, or when asked. */
export function chosenInShell(shell: ParentPort, path: string, purpose: WritePurpose): Promise<boolean> {
  const id = next++;
  return new Promise((resolve) => {
    const read = ({ data }: { readonly data: unknown }): void => {
      const answer = chosenPathAnswer.safeParse(data).data;
      if (answer?.id !== id) return;
      shell.off('message', read);
      resolve(answer.chosen);
    };
    shell.on('message', read);
    shell.postMessage({ kind: 'is-path-chosen', id, path, purpose } satisfies ChosenPathRequest);
  });
}
