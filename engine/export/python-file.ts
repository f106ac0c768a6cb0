import { readFileSync } from 'node:fs';

const read = new Map<string, string>();

/** A file of exported projects that is the same for every model, from `python/` beside this one; read once. */
export function pythonFile(name: string): string {
  const text = read.get(name) ?? readFileSync(new URL(`./python/${name}`, import.meta.url), 'utf8');
  read.set(name, text);
  return text;
}
