import { storedWeights } from '../../engine/cells/parameters.ts';
import type { NamedTensor } from '../../engine/files/safetensors.ts';
import type { Task } from '../cases.ts';
import { type StateDict, stepTensors } from '../problem.ts';
import { type BuiltIn, builtInCell } from './cases.ts';

/** A built-in cell's weights under the names that its equations give them: blocks of the stacked ones. */
export function ownTensors(stock: StateDict, cell: BuiltIn, own: Task): StateDict {
  const blocks = storedWeights(builtInCell(cell, own.hidden)).flatMap(({ name, blocks: names }) => {
    const all = stock.get(`rnn.${name}_l0`)?.data;
    if (!(all instanceof Float32Array)) throw new Error(`no weights ${name}`);
    const size = all.length / names.length;
    return names.map((block, index) => [`rnn.${block}_l0`, all.slice(index * size, (index + 1) * size)] as const);
  });
  const found = new Map<string, Float32Array>(blocks);
  const entries = [...stepTensors(own).tensors].map(([name, tensor]): [string, NamedTensor] => {
    const data = found.get(name);
    return [name, data === undefined ? (stock.get(name) ?? tensor) : { ...tensor, dtype: 'F32', data }];
  });
  return new Map(entries);
}
