import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const renderer = join(import.meta.dirname, '..');
const theme = readFileSync(join(import.meta.dirname, 'theme.css'), 'utf8');
const sheets = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.css') && !path.endsWith('theme.css'))
  .map((path) => ({ path, text: readFileSync(join(renderer, path), 'utf8') }));

/** Declarations whose property matches and whose value has a length or a colour of its own. */
function own(property: RegExp, value: RegExp): string[] {
  return sheets.flatMap(({ path, text }) =>
    [...text.matchAll(/([a-z-]+):\s*([^;{}]+);/g)]
      .filter(([, name = '', said = '']) => property.test(name) && value.test(said.replaceAll(/var\([^)]*\)/g, '')))
      .map(([declaration]) => `${path}: ${declaration}`),
  );
}

it('has four sizes of text, and style sheets use no other', () => {
  expect(theme.match(/--text[a-z-]*: \d+px/g)).toHaveLength(4);
  expect(sheets.length).toBeGreaterThan(50);
  expect(own(/^font(-size)?$/, /\d(px|pt|rem)/)).toEqual([]);
});

it('has one scale of padding, margins, gaps and corners, and style sheets use no other', () => {
  expect(own(/^(padding|margin|gap|row-gap|column-gap)(-|$)/, /\d(px|pt|rem)/)).toEqual([]);
  expect(own(/radius$/, /\d(px|rem)/)).toEqual([]);
});
