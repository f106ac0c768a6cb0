import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCell } from './parse.ts';
import { printCell } from './print.ts';
import { type CellTree, type Expression, functionArity, languageLimits, type Statement } from './tree.ts';

const read = (text: string): CellTree => {
  const parsed = parseCell(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.tree;
};

/** The tree without where things were written. */
const bare = (tree: unknown): unknown => JSON.parse(JSON.stringify(tree, (key, value) => (key === 'column' ? undefined : value)));

const column = 0;
const value = fc.constantFrom('f', 'n', 'c', 'h', 'b_f', 'p_c', 'k_a', 'widthwise', 'start', 'sig');
const matrix = fc.constantFrom('W_f', 'U_n', 'W', 'Wf', 'V_2');
const expression = fc.letrec<{ any: Expression }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.record({ name: value, next: fc.boolean() }).map((one): Expression => ({ kind: 'name', ...one, column })),
    fc
      .oneof(
        fc.nat(1000),
        fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
      )
      .map((number): Expression => ({ kind: 'number', value: number, column })),
    fc.record({ matrix, of: tie('any') }).map((one): Expression => ({ kind: 'product', ...one, column })),
    fc
      .record({ operator: fc.constantFrom('+', '-', '*', '/'), left: tie('any'), right: tie('any') })
      .map((one): Expression => ({ kind: 'binary', ...one, column }) as Expression),
    fc.record({ of: tie('any') }).map((one): Expression => ({ kind: 'negative', ...one, column })),
    fc
      .record({
        function: fc.constantFrom(...Object.keys(functionArity), 'unknown'),
        arguments: fc.array(tie('any'), { maxLength: 3 }),
      })
      .map((one): Expression => ({ kind: 'call', ...one, column })),
  ),
})).any;
const statement: fc.Arbitrary<Statement | null> = fc.oneof(
  fc.record({ name: value, next: fc.boolean(), expression }).map((one): Statement => ({ kind: 'value', ...one })),
  fc.record({ name: value, value: fc.nat(9999) }).map((one): Statement => ({ kind: 'width', ...one, column })),
  fc
    .record({ name: value, value: fc.double({ min: -9, max: 9, noNaN: true }).filter((n) => !Object.is(n, -0)) })
    .map((one): Statement => ({ kind: 'start', ...one, column })),
  fc.constant(null),
);
const comment = fc.option(fc.string().map((text) => text.replace(/[\r\n]/g, '').trimEnd()));
const tree = fc
  .array(fc.record({ statement, comment }), { minLength: 1, maxLength: 8 })
  .map((lines): CellTree => lines.map((line, index) => ({ number: index + 1, ...line })));

describe('a cell’s text', () => {
  it('is the same tree again after it was printed', () => {
    fc.assert(
      fc.property(tree, (one) => {
        const text = printCell(one);
        fc.pre(text.split('\n').every((line) => line.length <= languageLimits.columns));
        expect(bare(read(text))).toEqual(bare(one));
      }),
      { numRuns: 150 },
    );
  });

  it('keeps comments and empty lines, and printed it stays as it is', () => {
    const text = "# A title\n\nf  =  sigmoid( W_f x+U_f h + b_f )   # forget\nh' = (1-f)*h\n";
    const printed = "# A title\n\nf = sigmoid(W_f x + U_f h + b_f)  # forget\nh' = (1 - f) * h\n";
    expect(printCell(read(text))).toBe(printed);
    expect(printCell(read(printed))).toBe(printed);
  });

  it('gives problems on lines and columns of its own, never an exception, whatever it is', () => {
    const piece = fc.constantFrom(
      ..."abhxW_'=+-*/()#,. 0123e\n\r\t",
      'sigmoid',
      'W_f ',
      'width ',
      'start ',
      "h' = ",
      'é',
      '💥',
      '\0',
      '’',
      '((((((((',
    );
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 80 }).map((pieces) => pieces.join('')),
    );
    const counts = { read: 0, refused: 0 };
    fc.assert(
      fc.property(anything, (text) => {
        const lines = text.split(/\r\n|\r|\n/);
        const parsed = parseCell(text);
        counts[parsed.ok ? 'read' : 'refused']++;
        if (parsed.ok) return;
        expect(parsed.problems.length).toBeGreaterThan(0);
        for (const { line, column: at, message, fix } of parsed.problems) {
          expect(at).toBeGreaterThanOrEqual(1);
          expect(at).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
          expect(message && fix).toBeTruthy();
        }
      }),
      { numRuns: 400 },
    );
    expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(20);
  });

  it.each([
    ['f', 1, 2, 'the line ends where "=" or "\'" was expected', /Write name = expression/],
    ['f = sigmoid(W_f x +', 1, 20, 'the line ends where a name, a number, "(", or "-" was expected', /Finish the line/],
    ['f = (a + b', 1, 11, /the line ends where .*"\)".* was expected/, /Finish the line/],
    ['f = a + b)', 1, 10, /found \) where/, /0 opening and 1 closing/],
    ['f = a\ng == b', 2, 4, /found = where/, /one = a line/],
    ['f = h W_f', 1, 7, 'the matrix W_f must stand before what it multiplies', /Write W_f h/],
    ['f = 2 h', 1, 5, /^2 is no matrix/, /Write 2 \* h /],
    ['f = f g', 1, 5, /^f is no matrix/, /Write f \* g /],
    ['f = sigmoid h', 1, 5, /^sigmoid is no matrix/, /Write sigmoid\(…\)/],
    ['h’ = a', 1, 2, '’ has no meaning here', /straight prime/],
    ['f = a ^ 2', 1, 7, '^ has no meaning here', /Use letters/],
    ['f = 1e999', 1, 5, '1e999 is too large a number', /smaller/],
    [' = 3', 1, 2, 'found = where a name was expected', /one = a line/],
    [`${'a'.repeat(33)} = 1`, 1, 1, /name is longer than 32/, /shorter/],
    [`f = ${'('.repeat(49)}a${')'.repeat(49)}`, 1, 53, /nested more than 48 deep/, /name on a line/],
    [`f = ${'-'.repeat(600)}a`, 1, 501, /longer than 500 characters/, /name on a line/],
    ['\n'.repeat(400), 401, 1, 'more than 400 lines', /Take lines out/],
  ] as const)('refuses %j', (text, line, at, message, fix) => {
    const parsed = parseCell(text);
    const [problem] = parsed.ok ? [] : parsed.problems;
    expect(problem).toMatchObject({ severity: 'error', line, column: at });
    expect(problem?.message).toMatch(message);
    expect(problem?.fix).toMatch(fix);
  });

  it('tells the problem of each wrong line', () => {
    const parsed = parseCell('f = \ng = a\nh = )');
    expect(parsed.ok ? [] : parsed.problems.map(({ line }) => line)).toEqual([1, 3]);
  });
});
