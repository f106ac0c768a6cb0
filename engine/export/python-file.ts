import { readFileSync } from 'node:fs';

/** A file of exported projects that is the same for every model, from `python/` beside this one. */
export const pythonFile = (name: string): string => readFileSync(new URL(`./python/${name}`, import.meta.url), 'utf8');
