import type { z } from 'zod';
import type { ParentPort } from './parent-port.ts';

let next = 1;

/**
 * One question to the desktop shell, and its answer.
 *
 * @param answers what an answer to such a question is; others are somebody else's
 * @param request the question under its number
 */
export function askShell<A extends { readonly id: number }>(
  shell: ParentPort,
  answers: z.ZodType<A>,
  request: (id: number) => unknown,
): Promise<A> {
  const id = next++;
  return new Promise((resolve) => {
    const read = ({ data }: { readonly data: unknown }): void => {
      const answer = answers.safeParse(data).data;
      if (answer?.id !== id) return;
      shell.off('message', read);
      resolve(answer);
    };
    shell.on('message', read);
    shell.postMessage(request(id));
  });
}
