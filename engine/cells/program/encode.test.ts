import { expect, it } from 'vitest';
import { encode } from './encode.ts';
import type { Place, PlaceKind } from './format.ts';
import type { Program } from './register-program.ts';

const at = (kind: PlaceKind, index = 0): Place => ({ kind, index });
const none = { buffers: [], lefts: [], rights: [], rowSums: [], outers: [], inputTerms: [], writesInputGradient: false };

it('writes a program as the kernels read it: tables, forward, backward, each list after its length', () => {
  const forward: Program = {
    ...none,
    registers: 1,
    buffers: [2],
    runs: [
      {
        width: 2,
        targets: [null, at('vector')],
        products: [{ of: at('input'), matrix: 0, turned: true, target: 1 }],
        instructions: [
          { operation: 'multiplyAdd', to: at('next'), from: [at('target', 1), at('state'), at('register')] },
          { operation: 'tanh', to: at('register', 3), from: [at('constant', 1)] },
        ],
      },
    ],
  };
  const backward: Program = {
    ...none,
    registers: 5,
    lefts: [2],
    rights: [3, 4],
    rowSums: [0],
    outers: [{ left: 0, right: at('right', 1) }],
    inputTerms: [{ left: 0, matrix: 6 }],
    writesInputGradient: true,
    runs: [],
  };
  const matrices = [{ name: 'W', rows: 2, columns: 3 }];
  const tables = { inputs: 3, matrices, vectors: [{ id: 9, width: 2 }], constants: [1, -0.5], states: [2], saved: [0, 7] };
  const place = (kind: number, index = 0): number => kind * 65536 + index;
  // 1 and -0.5 as 32-bit floating-point numbers.
  const [one, minusHalf] = [0x3f800000, 0xbf000000 - 2 ** 32];
  const shared = [1, 3, ...[1, 2, 3], ...[1, 2], ...[2, one, minusHalf], ...[1, 2], ...[2, 0, 7]];
  const run = [
    2,
    ...[2, 0, place(3)],
    ...[1, place(14), 0, 1, 1],
    ...[2, 7, place(6), place(2, 1), place(5), place(1), 12, place(1, 3), place(4, 1), 0, 0],
  ];
  expect([...encode({ ...tables, forward, backward })]).toEqual([
    ...shared,
    ...[1, ...[1, 2], 0, 0, 0, 0, 0, 0, ...[1, ...run]],
    ...[5, 0, ...[1, 2], ...[2, 3, 4], ...[1, 0], ...[1, 0, place(12, 1)], ...[1, 0, 6], 1, 0],
  ]);
});
