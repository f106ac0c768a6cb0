import { prepareData } from '../engine/data/prepare.ts';
import type { RawExample } from '../engine/data/raw-example.ts';
import type { SplitName } from '../engine/document/split-names.ts';
import { findTemplate } from './registry.ts';

/** A template's rows by the split that its own settings put them in; for tests of what a split holds. */
export async function splitRows(name: string): Promise<Record<SplitName, RawExample[]>> {
  const template = findTemplate(name);
  const { data } = template.document();
  if (data === null) throw new Error(`the template ${name} has no data`);
  const { splits } = await prepareData(data);
  const byLine = new Map<number, RawExample>();
  for await (const row of template.rows()) byLine.set(row.line, row);
  const rowsOf = (split: SplitName): RawExample[] =>
    Array.from(splits[split].lines, (line) => {
      const row = byLine.get(line);
      if (row === undefined) throw new Error(`the template ${name} has no row of line ${line}`);
      return row;
    });
  return { train: rowsOf('train'), validation: rowsOf('validation'), test: rowsOf('test') };
}

/** The text that a row's input is. */
export function inputText({ input }: RawExample): string {
  if (input.kind === 'text') return input.text;
  if (input.kind === 'tokens') return input.tokens.join(' ');
  throw new Error(`expected text, found ${input.kind}`);
}
