import { UserError } from '../protocol/envelope.ts';

/** For methods whose part has not landed yet. */
export async function notReady(): Promise<never> {
  throw new UserError({ code: 'not-ready', message: 'This part is not built in yet.', hint: 'Update Unroll.' });
}
