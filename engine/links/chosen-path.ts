import { type ChosenPathRequest, chosenPathAnswer, type WritePurpose } from '../protocol/chosen-path.ts';
import { askShell } from './ask-shell.ts';
import type { ParentPort } from './parent-port.ts';

/** Asks the desktop shell whether a person has chosen a path: in a dialog, by a drop, by opening the file with Unroll, or when asked. */
export async function chosenInShell(shell: ParentPort, path: string, purpose: WritePurpose): Promise<boolean> {
  const ask = (id: number): ChosenPathRequest => ({ kind: 'is-path-chosen', id, path, purpose });
  return (await askShell(shell, chosenPathAnswer, ask)).chosen;
}
