import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { tokenizerSettings } from '../../../document/data-binding.ts';
import { prepareZig } from '../../../kernels/wasm/build/zig.ts';
import { AsciiText } from '../../ascii-text.ts';
import { Interner } from '../../interner.ts';
import { TextScanner } from '../text-scanner.ts';
import { InputTokens } from '../tokenize.ts';
import { AsciiKernel } from './ascii-kernel.ts';
import { compiledFile, compileTokens, sourceHash } from './build.ts';
import { sourcesOfTokens } from './tokens-wasm.ts';

afterEach(() => vi.unstubAllGlobals());

describe('the binary', () => {
  it('was compiled from the source beside it', () => {
    expect(sourcesOfTokens).toBe(sourceHash());
  });

  // A compiler of 80 MB is fetched only where every test must run.
  it.skipIf(process.env['UNROLL_REQUIRE_ALL'] !== '1')(
    'is byte for byte what the compiler makes of it',
    async () => {
      const zig = await prepareZig();
      if (!zig.ok) throw new Error(zig.reason);
      expect(await compileTokens(zig.program)).toBe(readFileSync(compiledFile, 'utf8'));
    },
    300_000,
  );
});

const patterns = {
  words: ['word', false],
  'words of a running text': ['word', true],
  'parts for sub-words': ['subword', false],
  characters: ['character', false],
} as const;

/** Short words that come again, ones about as long as a key, all signs of ASCII. */
const row = fc.oneof(
  fc.string({ unit: fc.constantFrom(..." \t\n\r\0.'-#aZ9"), maxLength: 40 }),
  fc
    .array(
      fc.constantFrom('Cat', 'the', "don't", ',', 'elevenletter', 'twelveLetters', 'thirteenletters', '\0', ' ', '\n', '\t'),
      {
        maxLength: 20,
      },
    )
    .map((words) => words.join(' ')),
  fc.string({ unit: 'binary-ascii', maxLength: 40 }),
);
const rows = fc.array(fc.record({ text: row, as: fc.constantFrom('bytes', 'bytes', 'text', 'other') }), { maxLength: 12 });
type Rows = typeof rows extends fc.Arbitrary<infer R> ? R : never;

/** Numbers of the tokens of rows that stand in one block, some of them read as texts, some with what is not ASCII. */
function numbersOf(given: Rows, tokens: InputTokens, limit: number, bytesToo: boolean): number[][] {
  const block = new TextEncoder().encode(`x${given.map(({ text }) => text).join('')}y`);
  let end = 1;
  return given.map(({ text, as }) => {
    const start = end;
    end += text.length;
    const input =
      as === 'other'
        ? ({ kind: 'text', text: `${text} é Cat` } as const)
        : as === 'bytes' && bytesToo
          ? new AsciiText(block, start, end)
          : ({ kind: 'text', text } as const);
    const count = Math.min(tokens.read(input, limit + 1), limit);
    return Array.from(tokens.ids(count).subarray(0, count));
  });
}

describe.each(Object.entries(patterns))('%s', (_name, [level, running]) => {
  it.each([true, false])('have the numbers that JavaScript alone gives them; in lower case: %s', (lowercase) => {
    const settings = tokenizerSettings.parse({ level, lowercase });
    fc.assert(
      fc.property(fc.array(rows, { maxLength: 4 }), fc.nat(30), (blocks, limit) => {
        const [ours, plain] = [new Interner(40), new Interner(40)];
        const [kernel, javascript] = [new InputTokens(settings, ours, running), new InputTokens(settings, plain, running)];
        for (const block of blocks)
          expect(numbersOf(block, kernel, limit, true)).toEqual(numbersOf(block, javascript, limit, false));
        expect(ours.texts).toEqual(plain.texts);
        expect(ours.overflowed).toBe(plain.overflowed);
      }),
      { numRuns: 300 },
    );
  });
});

const scanner = new TextScanner(tokenizerSettings.parse({}), false);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

it('finds again what was numbered, while the table grows', () => {
  const kernel = AsciiKernel.start(scanner.byteRule);
  if (kernel === null) throw new Error('there is no WebAssembly');
  const texts = new Interner();
  expect(texts.id('before')).toBe(0);
  texts.moveTo(kernel.tableOf);
  for (let i = 1; i < 20_000; i++) expect(texts.id(`w${i}`)).toBe(i);
  const line = bytesOf('W19999 before, w1 twelveletter thirteenletters');
  expect(kernel.scan(line, 0, line.length, 10)).toBe(6);
  expect([...kernel.ids.subarray(0, 6)]).toEqual([19_999, 0, -1, 1, -1, -1]);
  expect([0, 1, 2].map((n) => String.fromCharCode(...line.subarray(...kernel.missedAt(n))))).toEqual([
    ',',
    'twelveletter',
    'thirteenletters',
  ]);
  texts.id('twelveletter');
  expect(kernel.scan(line, 18, 30, 10)).toBe(1);
  expect(kernel.ids[0]).toBe(20_000);
});

it('leaves to JavaScript what it has no room for, or all where there is no WebAssembly', () => {
  const kernel = AsciiKernel.start(scanner.byteRule);
  const [row, block] = [bytesOf('a '.repeat(20_000)), new Uint8Array(2_000_000).fill(0x61)];
  expect([kernel?.scan(row, 0, row.length, 5), kernel?.scan(block, 0, 5, 5), kernel?.scan(row, 0, 9, 9)]).toEqual([
    null,
    null,
    5,
  ]);
  const read = (): [number, number[], readonly string[]] => {
    const texts = new Interner();
    const tokens = new InputTokens(tokenizerSettings.parse({}), texts);
    const count = tokens.read(new AsciiText(row, 0, row.length), 1e6);
    tokens.read(new AsciiText(bytesOf('A b a'), 0, 5), 9);
    return [count, [...tokens.ids(3).subarray(0, 3)], texts.texts];
  };
  const expected = [20_000, [0, 1, 0], ['a', 'b']];
  expect(read()).toEqual(expected);
  vi.stubGlobal('WebAssembly', undefined);
  expect(AsciiKernel.start(scanner.byteRule)).toBeNull();
  expect(read()).toEqual(expected);
});
