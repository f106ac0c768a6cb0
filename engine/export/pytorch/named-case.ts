import { blockCases } from './block-cases.ts';
import { customCellCases } from './custom-cell-cases.ts';
import { mediaCases } from './media-cases.ts';
import { layerCases, type ParityCase, recurrentCases } from './parity-cases.ts';
import { stackCases } from './stack-cases.ts';
import { structureCases } from './structure-cases.ts';

/** Each made once, where a name is not in those before it: the last two hold many networks. */
const lists = [layerCases, structureCases, blockCases, mediaCases, stackCases, recurrentCases, customCellCases].map((make) => {
  let made: readonly ParityCase[] | null = null;
  return () => {
    made ??= make();
    return made;
  };
});

/** The network of that name, of all with which exports are tested. */
export function namedCase(name: string): ParityCase {
  for (const list of lists) {
    const found = list().find((one) => one.name === name);
    if (found !== undefined) return found;
  }
  throw new Error(`no case ${name}`);
}
