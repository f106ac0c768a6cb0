import { expect, it } from 'vitest';
import { CellFlow } from './cell-flow.ts';
import { layOut } from './cell-layout.ts';
import { namesHere } from './names-here.ts';
import { shapeWords, sizeOf, totalSize } from './parameter-sizes.ts';
import { lineOf, nodeOnLine, readCell } from './read-cell.ts';
import { tokensOf } from './tokens.ts';

const text =
  "# mine\nf = sigmoid(W_f x + U_f h + b_f + k_a)  # gate\nm = V f\nc' = f * c + p_c * h\nh' = P m + c'\nwidth m = 2\nstart b_f = 1";
const reading = readCell(text, 8);

it('pieces of a line have the colour of what they stand for, right or wrong', () => {
  const kinds = (row: string): string =>
    tokensOf(row, new Set(['h']))
      .map(({ text: piece, kind }) => `${piece}:${kind}`)
      .join(' ');
  expect(kinds("h' = sigmoid(W_f x) * 0.5 + b_f  # so")).toBe(
    "h':state =:sign sigmoid:function (:sign W_f:matrix x:input ):sign *:sign 0.5:number +:sign b_f:learned # so:comment",
  );
  expect(kinds('start b_f = 1e-3')).toBe('start:keyword b_f:learned =:sign 1e-3:number');
  expect(kinds('start = h + h2 (')).toBe('start:value =:sign h:state +:sign h2:value (:sign');
});

it('names tell their shapes', () => {
  const told = Object.fromEntries(namesHere(reading, 5).map(({ name, shape, kind }) => [name, `${kind} ${shape}`]));
  expect(told).toMatchObject({
    x: 'input B × 5',
    h: 'state B × 8',
    f: 'value B × 8',
    m: 'value B × 2',
    "c'": 'state B × 8',
    W_f: 'learned 8 × 5',
    V: 'learned 2 × 8',
    k_a: 'learned 1',
    sigmoid: 'function sigmoid(a)',
    max: 'function max(a, b)',
  });
  expect(namesHere(reading, null).find(({ name }) => name === 'W_f')?.shape).toBe('8 × E');
});

it('parameters are counted once the width of the input is known', () => {
  const { parameters } = reading.facts.cell;
  expect(parameters.map((one) => shapeWords(one, 5))).toEqual(['8 × 5', '8 × 8', '8', '1', '2 × 8', '8', '8 × 2']);
  expect(totalSize(parameters, 5)).toBe(40 + 64 + 8 + 1 + 16 + 8 + 16);
  expect(totalSize(parameters, null)).toBeNull();
  expect(parameters.map((one) => sizeOf(one, null))).toEqual([null, 64, 8, 1, 16, 8, 16]);
});

it('a line and its node are found from one another, parts and ends of it too', () => {
  expect(['in:x', 'f', 'm', "c'", "c'/0", "out:h'"].map((id) => lineOf(reading, id))).toEqual([null, 2, 3, 4, 4, 5]);
  expect([1, 2, 4, 6, 99].map((line) => nodeOnLine(reading, line))).toEqual([null, 'f', "c'", null, null]);
});

it('what is drawn as before is the same object; one stop for Tab, with the wires that end there', () => {
  const flow = new CellFlow();
  const draw = (chosen: readonly string[], hidden = 8) => {
    const read = readCell(text, hidden);
    return flow.items(read, layOut(read.graph), { chosen: new Set(chosen), line: null }, 5);
  };
  const [first, again, other] = [draw([]), draw([]), draw(['f'])];
  expect(again.nodes.every((node, i) => node === first.nodes[i])).toBe(true);
  expect(again.edges.every((edge, i) => edge === first.edges[i])).toBe(true);
  const changed = other.nodes.filter((node, i) => node !== first.nodes[i]).map(({ id }) => id);
  expect(changed).toEqual(['in:x', 'f']);
  const stops = ({ nodes, edges }: typeof first) => [...nodes, ...edges].filter(({ focusable }) => focusable).map(({ id }) => id);
  expect(stops(first)).toEqual(['in:x']);
  expect(stops(other)).toEqual(['f', 'in:x->f.0', 'in:h->f.1']);
  expect(draw([], 16).nodes.find(({ id }) => id === 'f')).not.toBe(first.nodes.find(({ id }) => id === 'f'));
});
