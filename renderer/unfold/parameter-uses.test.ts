import { describe, expect, it } from 'vitest';
import { checkCell } from '../../engine/cells/language/check.ts';
import { parseCell } from '../../engine/cells/language/parse.ts';
import { cellLibrary } from '../../engine/cells/library.ts';
import { parameterUses } from './parameter-uses.ts';

const placesOf = (equations: string) => Object.fromEntries(parameterUses(equations).map(({ name, place }) => [name, place]));

describe('parameterUses', () => {
  it('tells what works on the input, what on the step before, and what within', () => {
    expect(placesOf("c' = f * c + tanh(W_c x + U_c h + b_c)\nf = sigmoid(p_f * c + k_f)\nh' = V tanh(c')")).toEqual({
      W_c: 'input',
      U_c: 'state',
      b_c: 'within',
      p_f: 'within',
      k_f: 'within',
      V: 'within',
    });
  });

  it('looks through what a matrix is multiplied with', () => {
    expect(placesOf("n = tanh(W_n x + U_n (r * h))\nr = sigmoid(b_r)\nh' = n").U_n).toBe('state');
    expect(placesOf("h' = U (0.5 * -h + tanh(h))").U).toBe('state');
  });

  it('is empty where the text is no cell', () => {
    expect(parameterUses('h = ((')).toEqual([]);
  });

  it.each(cellLibrary)('knows every parameter of $title, and none besides', ({ equations }) => {
    const parsed = parseCell(equations);
    if (!parsed.ok) throw new Error('the library holds a cell that cannot be read');
    const checked = checkCell(parsed.tree, 8);
    if (!checked.ok) throw new Error('the library holds a cell that is refused');
    const known = checked.cell.parameters.map(({ name }) => name);
    expect(
      parameterUses(equations)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...known].sort());
  });
});
