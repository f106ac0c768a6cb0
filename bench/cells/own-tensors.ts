import { gateNames } from '../../engine/layers/cell-parameters.ts';
import type { Task } from '../cases.ts';
import { type StateDict, stepTensors } from '../problem.ts';
import { type BuiltIn, stockCell } from './cases.ts';

/** A built-in cell's weights under the names that its equations give them: blocks of the stacked ones. */
export function ownTensors(stock: StateDict, cell: BuiltIn, own: Task): StateDict {
  const gates = gateNames(stockCell(cell, own.hidden));
  const block = (name: string): Float32Array | null => {
    const [, letter, rest = ''] = /^rnn\.([WUb])_(\w+)_l0$/.exec(name) ?? [];
    if (letter === undefined) return null;
    const stacked = letter === 'b' ? (rest.startsWith('x') ? 'bias_ih' : 'bias_hh') : letter === 'W' ? 'weight_ih' : 'weight_hh';
    const all = stock.get(`rnn.${stacked}_l0`)?.data;
    const gate = gates.indexOf(letter === 'b' ? rest.slice(1) : rest);
    if (!(all instanceof Float32Array) || gate < 0) throw new Error(`no weights for ${name}`);
    const size = all.length / gates.length;
    return all.slice(gate * size, (gate + 1) * size);
  };
  const entries = [...stepTensors(own).tensors].map(([name, tensor]) => {
    const data = block(name);
    return [name, data === null ? (stock.get(name) ?? tensor) : { ...tensor, data }] as const;
  });
  return new Map(entries);
}
