import { expect, it } from 'vitest';
import { writeModule } from './module-writer.ts';
import { namedCase } from './named-case.ts';

function written(name: string): string {
  return writeModule(namedCase(`block · ${name}`).plan);
}

const classesOf = (code: string): string[] => [...code.matchAll(/^class (\w+)\(nn\.Module\):/gm)].map(([, name = '']) => name);

it('one class is written for a block, however often it is placed; the width that differs is its argument', () => {
  const code = written('placed twice, at other widths');
  expect(classesOf(code)).toEqual(['Encoder', 'Around', 'RecurrentTagger']);
  expect(code).toContain('def __init__(self, recurrent_input_size: int) -> None:');
  expect(code).toContain('nn.GRU(recurrent_input_size, 4, batch_first=True)');
  expect(code).toContain('self.encoder = Encoder(recurrent_input_size=4)');
  expect(code).toContain('self.encoder = Encoder(recurrent_input_size=12)');
});

it('a placed block that is another module has a class with a number', () => {
  expect(classesOf(written('placed twice, once without a state'))).toEqual(['Reader', 'Reader2', 'LSTMTagger']);
});

it('a repeated block is a list, in a block too', () => {
  const code = written('repeated in a block that is repeated');
  expect(classesOf(code)).toEqual(['Inner', 'Outer', 'RecurrentTagger']);
  expect(code).toContain('self.inner = nn.ModuleList(Inner() for _ in range(2))');
  expect(code).toContain('self.outer = nn.ModuleList(Outer() for _ in range(2))');
});

it('a class is named with letters and digits alone, and a cell is none', () => {
  expect(classesOf(written('a name of no letters'))[0]).toBe('Block');
  expect(classesOf(written('a name that is a word of Python'))[0]).toBe('Class');
  expect(classesOf(written('a cell alone, which is no module'))).toEqual(['RecurrentTagger']);
});
