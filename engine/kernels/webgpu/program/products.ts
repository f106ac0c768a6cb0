import type { Sum, Value } from '../../../cells/program/value.ts';
import { type InBuffer, located, type Place } from './body.ts';
import { blocksOf } from './memory.ts';
import type { Stage, Store } from './stages.ts';
import type { WeightUses } from './weights.ts';
import { zero } from './wgsl.ts';

/** Where a row of a tile stands, as WGSL. */
export interface TileRow {
  readonly t: string;
  readonly row: string;
}

/** The sums of products that stores of a stage are made from. */
export function sumsOf(stage: Stage, stores: readonly Store[]): readonly Sum[] {
  const sums = new Set<Sum>();
  const seen = new Set<Value>();
  const visit = (value: Value): void => {
    if (seen.has(value) || stage.memory(value) !== null) return;
    seen.add(value);
    switch (value.kind) {
      case 'given':
        return;
      case 'calculation':
        for (const part of value.from) visit(part);
        return;
      case 'reduction':
        visit(value.of);
        return;
      case 'sum':
        sums.add(value);
        if (value.start !== null) visit(value.start);
    }
  };
  for (const { value } of stores) visit(value);
  return [...sums];
}

/** What the loops of a tile need. */
interface Loops {
  readonly place: Place;
  readonly stage: Stage;
  readonly weights: WeightUses;
  readonly rows: readonly TileRow[];
  /** WGSL factor of the loops' lengths: 0 where there is nothing to multiply yet. */
  readonly times: string | null;
  /** Name of a sum for a row of the tile. */
  name(sum: number, row: number): string;
}

interface Group {
  readonly operand: Value;
  readonly memory: InBuffer;
  readonly terms: { readonly sum: number; readonly first: number; readonly stride: number }[];
}

/** WGSL of sums of products for a tile of rows and one block of units: one loop over each operand, for all its products. */
export function productLoops(sums: readonly Sum[], loops: Loops): string {
  const { place, rows, times, name } = loops;
  const lines = sums.flatMap((_, sum) => rows.map((_row, r) => `var ${name(sum, r)} = ${zero};`));
  const groups = groupsOf(sums, loops);
  for (const { operand, memory, terms } of groups) {
    const starts = rows.map(({ t, row }) => located(place, memory, t, row));
    const names = starts.map(() => place.fresh());
    const depth = blocksOf(operand.width);
    lines.push(
      ...starts.map(({ index }, r) => `let ${names[r]} = ${index};`),
      `for (var k = 0; k < ${depth}${times === null ? '' : ` * ${times}`}; k++) {`,
      ...starts.map(({ binding }, r) => `let x${r} = ${binding}[${names[r]} + k];`),
      ...terms.flatMap(({ sum, first, stride }, term) => [
        ...[0, 1, 2, 3].map((k) => `let w${term}_${k} = weights[${first} + (4 * k + ${k}) * ${stride} + unit];`),
        ...rows.map((_row, r) => {
          const products = ['x', 'y', 'z', 'w'].map((part, k) => `x${r}.${part} * w${term}_${k}`);
          return `${name(sum, r)} += ${products.join(' + ')};`;
        }),
      ]),
      '}',
    );
  }
  return lines.join('\n');
}

/** By operand. */
function groupsOf(sums: readonly Sum[], { stage, weights }: Loops): readonly Group[] {
  const groups = new Map<Value, Group>();
  for (const [sum, { terms, width }] of sums.entries())
    for (const { of, matrix, turned } of terms) {
      const memory = stage.memory(of);
      if (memory === null || memory.kind === 'constant') throw new Error('a product of what lies nowhere');
      const group = groups.get(of) ?? { operand: of, memory, terms: [] };
      groups.set(of, group);
      group.terms.push({ sum, first: weights.place(matrix, turned), stride: blocksOf(width) });
    }
  return [...groups.values()];
}
