import type { Sum } from '../../../cells/program/value.ts';
import { type Address, addressFunctions, type Layout } from './addresses.ts';
import { Body, gradientName, located, type Place } from './body.ts';
import { type BufferName, blocksOf } from './memory.ts';
import { productLoops, sumsOf, type TileRow } from './products.ts';
import type { Stage, Store } from './stages.ts';
import type { WeightUses } from './weights.ts';
import { functions, zero } from './wgsl.ts';

export type InputName = Address['buffer'] | 'lengths' | 'dSequence';

/** A shader made of a cell's equations. */
export interface GeneratedShader {
  /** The same text has the same name. */
  readonly name: string;
  readonly code: string;
  /** The buffer that it writes. */
  readonly target: BufferName;
  /** Those that it reads beside it. */
  readonly inputs: readonly InputName[];
  /** The most sums of products that a thread makes of one row. */
  readonly sums: number;
  /** Threads that are needed for so many rows. */
  threads(rows: number): number;
}

/**
 * T, B, whether time runs backwards; the step; of a step back, the one that was run before it, and whether there is one. A shader for all
 * steps at once reads only the first three.
 */
export const uniformNames = ['steps', 'rows', 'back', 't', 'later', 'linked'] as const;

/** Rows that a thread takes at once, by how many sums of products it makes of each: the more, the less is loaded. */
export type Tiling = (sums: number) => number;

/** What all shaders of a program share. */
export interface ShaderContext {
  readonly layout: Layout;
  readonly weights: WeightUses;
  readonly tiling: Tiling;
}

/** Whether a shader runs for the rows of one step or for those of all steps. */
export type Span = 'step' | 'all steps';

/** A stage on its own. A row that has ended keeps its state, and leaves zeros to whatever multiplies or sums up all steps. */
export function stageShader(context: ShaderContext, target: BufferName, stage: Stage, span: Span): GeneratedShader {
  const text = new ShaderText(context, target, span);
  for (const width of widthsOf(stage.stores)) {
    const stores = stage.stores.filter((store) => store.width === width);
    text.section(width, [{ sums: sumsOf(stage, stores), stage, at: null }], (place, [sums = noSums]) => {
      const body = new Body(place, stage, stores, sums, 't');
      const writes = stores.map((store) => stored(place, store, body.read(store.value)));
      return [...ifEnded(ended(place, stores)), ...body.lines, ...writes];
    });
  }
  return text.shader();
}

/** What a step back begins with. */
export interface StepBack {
  /** The products that the step before it, which is later in the recurrence, ends with; `null`: there are none. */
  readonly link: Stage | null;
  /** The first stage of the step; `null`: none, the gradient of the initial state is complete. */
  readonly first: Stage | null;
  /** Widths of the parts of the state. */
  readonly states: readonly number[];
  /** Whether the state has a gradient of its own at each step. */
  readonly sequence: boolean;
}

/**
 * The end of one step back and the beginning of the next as one shader: the gradients of the state go from one to the other in registers. A
 * row that has ended carries them past the step.
 */
export function stepBackShader(context: ShaderContext, { link, first, states, sequence }: StepBack): GeneratedShader {
  const text = new ShaderText(context, 'gradients', 'step');
  const stores = [...(link?.stores ?? []), ...(first?.stores ?? [])];
  for (const width of new Set([...states, ...widthsOf(stores)])) {
    const own = ({ width: one }: Store): boolean => one === width;
    const [linked, begun] = [link?.stores.filter(own) ?? [], first?.stores.filter(own) ?? []];
    const parts = states.flatMap((one, part) => (one === width ? [part] : []));
    const products = [
      ...(link === null ? [] : [{ sums: sumsOf(link, linked), stage: link, at: 'uniforms.later' }]),
      ...(first === null ? [] : [{ sums: sumsOf(first, begun), stage: first, at: null }]),
    ];
    text.section(width, products, (place, sums) => {
      const carry = (part: number, name: string): string =>
        stored(place, { value: noValue, to: { kind: 'carry', part }, width }, name);
      const lines = parts.map((part) => {
        const { binding, index } = located(place, { kind: 'carry', part }, 't', 'row');
        return `var ${gradientName(part)} = ${binding}[${index} + unit];`;
      });
      if (link !== null) lines.push(...linkLines(place, link, linked, sums[0] ?? noSums));
      const carried = parts.map((part) => carry(part, gradientName(part)));
      if (first === null) return [...lines, ...carried];
      lines.push(...ifEnded([...carried, ...ended(place, begun)]));
      if (sequence && parts.includes(0)) {
        text.inputs.add('dSequence');
        lines.push(`${gradientName(0)} += dSequence[(t * uniforms.rows + row) * ${blocksOf(width)} + unit];`);
      }
      const body = new Body(place, first, begun, sums.at(-1) ?? noSums, 't');
      const writes = begun.map((store) => stored(place, store, body.read(store.value)));
      return [...lines, ...body.lines, ...writes];
    });
  }
  return text.shader();
}

const noSums: ReadonlyMap<Sum, string> = new Map();
const noValue: Store['value'] = { kind: 'given', place: { kind: 'none', index: 0 }, width: 0 };

const widthsOf = (stores: readonly Store[]): ReadonlySet<number> => new Set(stores.map(({ width }) => width));

/** The end of the later step: the gradients of the state before it, which stay in registers. */
function linkLines(place: Place, link: Stage, stores: readonly Store[], sums: ReadonlyMap<Sum, string>): readonly string[] {
  const body = new Body(place, link, stores, sums, 'uniforms.later');
  const writes = stores.map((store) => {
    const name = body.read(store.value);
    return store.to.kind === 'carry' ? `${gradientName(store.to.part)} = ${name};` : stored(place, store, name, 'uniforms.later');
  });
  const zeros = ended(place, stores, 'uniforms.later');
  return [
    'if (uniforms.linked == 1 && uniforms.later < lengths[row]) {',
    ...body.lines,
    ...writes,
    ...(zeros.length === 0 ? ['}'] : ['} else if (uniforms.linked == 1) {', ...zeros, '}']),
  ];
}

const ifEnded = (lines: readonly string[]): readonly string[] => ['if (t >= lengths[row]) {', ...lines, 'return;', '}'];

/** WGSL of a store, with zeros past the width. */
function stored(place: Place, { to, width }: Store, value: string, t = 't'): string {
  if (to.kind === 'constant') throw new Error('a constant is not stored');
  const { binding, index } = located(place, to, t, 'row');
  if (binding !== 'result') throw new Error(`a shader of ${place.target} does not write ${binding}`);
  const filled = width % 4 === 0 ? value : `select(${zero}, ${value}, lanes(unit, ${width}))`;
  return `result[${index}${width === 0 ? '' : ' + unit'}] = ${filled};`;
}

/** What an ended row leaves. */
function ended(place: Place, stores: readonly Store[], t = 't'): readonly string[] {
  return stores.flatMap((store) => {
    const { to } = store;
    if (to.kind === 'record') return [stored(place, store, zero, t)];
    if (to.kind !== 'after') return [];
    const { binding, index } = located(place, { kind: 'before', part: to.part }, t, 'row');
    return [stored(place, store, `${binding}[${index} + unit]`, t)];
  });
}

/** Sums of products of a stage, and when it is, where it is not the step itself. */
interface SectionProducts {
  readonly sums: readonly Sum[];
  readonly stage: Stage;
  readonly at: string | null;
}

/** A shader under way: sections with threads of their own, one for each width. */
class ShaderText {
  readonly inputs = new Set<InputName>(['lengths']);
  readonly #context: ShaderContext;
  readonly #place: Place;
  readonly #span: Span;
  readonly #functions: string[] = [];
  readonly #mains: { readonly code: string; readonly blocks: number; readonly tile: number }[] = [];
  #names = 0;
  #sums = 0;

  constructor(context: ShaderContext, target: BufferName, span: Span) {
    this.#context = context;
    this.#span = span;
    this.#place = {
      layout: context.layout,
      target,
      uses: (buffer) => this.inputs.add(buffer),
      fresh: () => `v${this.#names++}`,
    };
  }

  /** @param lines WGSL for one row, given the names of the sums of each stage's products */
  section(
    width: number,
    products: readonly SectionProducts[],
    lines: (place: Place, sums: readonly ReadonlyMap<Sum, string>[]) => readonly string[],
  ): void {
    const blocks = blocksOf(width);
    const count = products.reduce((sum, { sums }) => sum + sums.length, 0);
    const tile = this.#context.tiling(count);
    const rows = this.#span === 'step' ? 'uniforms.rows' : '(uniforms.steps * uniforms.rows)';
    const tileRows = Array.from({ length: tile }, (_, r): TileRow => ({ t: `t${r}`, row: `row${r}` }));
    const starts = tileRows.map(({ t, row }, r) => {
      const at = `min(first + ${r}, ${rows} - 1)`;
      return this.#span === 'step'
        ? `let ${t} = uniforms.t; let ${row} = ${at};`
        : `let ${t} = ${at} / uniforms.rows; let ${row} = ${at} % uniforms.rows;`;
    });
    const loops = products.map(({ sums, stage, at }, number) =>
      productLoops(sums, {
        place: this.#place,
        stage,
        weights: this.#context.weights,
        rows: at === null ? tileRows : tileRows.map(({ row }) => ({ t: at, row })),
        times: at === null ? null : 'uniforms.linked',
        name: (sum, row) => `sum${number}_${sum}_${row}`,
      }),
    );
    this.#sums = Math.max(this.#sums, count);
    if (count > 0) this.inputs.add('weights');
    const names = products.map(({ sums }, number) => new Map(sums.map((sum, i) => [sum, `sum${number}_${i}`])));
    const all = names.flatMap((map) => [...map.values()]);
    const name = `section${this.#mains.length}`;
    this.#functions.push(`fn ${name}(${['t: i32', 'row: i32', 'unit: i32', ...all.map((one) => `${one}: vec4<f32>`)].join(', ')}) {
${lines(this.#place, names).join('\n')}
}`);
    // One call in a loop: a call for each row would make as many copies of the section, which a software adapter compiles for seconds.
    const call = (sumOf: (index: number) => string): string =>
      `${name}(${['t', 'row', 'unit', ...all.map((_, index) => sumOf(index))].join(', ')});`;
    const held = tileRows.flatMap((_, r) => all.map((one) => `${one}_${r}`));
    const calls =
      tile === 1
        ? ['let t = t0; let row = row0;', call((index) => held[index] ?? '')]
        : [
            ...(held.length === 0 ? [] : [`var held = array<vec4<f32>, ${held.length}>(${held.join(', ')});`]),
            `for (var r = 0; r < ${tile} && first + r < ${rows}; r++) {`,
            this.#span === 'step'
              ? 'let t = uniforms.t; let row = first + r;'
              : 'let t = (first + r) / uniforms.rows; let row = (first + r) % uniforms.rows;',
            call((index) => `held[r * ${all.length} + ${index}]`),
            '}',
          ];
    const code = [...starts, ...loops, ...calls].join('\n');
    this.#mains.push({
      blocks,
      tile,
      code: `{
let count = ((${rows} + ${tile - 1}) / ${tile}) * ${blocks};
if (at < count) {
let unit = at % ${blocks};
let first = (at / ${blocks}) * ${tile};
${code}
return;
}
at -= count;
}`,
    });
  }

  shader(): GeneratedShader {
    const code = `${addressFunctions(this.#context.layout)}${functions}
${this.#functions.join('\n')}
fn main(index: i32) {
var at = index;
${this.#mains.map((main) => main.code).join('\n')}
}`;
    const sizes = this.#mains.map(({ blocks, tile }) => ({ blocks, tile }));
    return {
      name: nameOf(`${this.#place.target} ${[...this.inputs].join(' ')} ${code}`),
      code,
      target: this.#place.target,
      inputs: [...this.inputs],
      sums: this.#sums,
      threads: (rows) => sizes.reduce((sum, { blocks, tile }) => sum + Math.ceil(rows / tile) * blocks, 0),
    };
  }
}

const names = new Map<string, string>();

/** A short name for a text, always the same for the same. */
function nameOf(text: string): string {
  const name = names.get(text) ?? `generated ${names.size}`;
  names.set(text, name);
  return name;
}
