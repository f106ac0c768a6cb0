import { UserError } from '../protocol/envelope.ts';

/** A model that cannot be imported: what was expected, what was found, and what to do. */
export const importError = (code: string, message: string, hint: string): UserError =>
  new UserError({ code: `import-${code}`, message, hint });
