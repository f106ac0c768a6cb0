import type { TorchModule } from '../../layers/torch.ts';
import { constructorCall } from '../../layers/torch-call.ts';
import type { BlockBody, BlockChild } from './block-bodies.ts';
import { indented } from './python.ts';

/**
 * The classes of the blocks of a model: one a definition. Where its copies differ in numbers alone (a width that depends on what is wired
 * in), these are arguments of its constructor; where a copy is another module (a port without a wire), it is a class of its own, with a number.
 */
export class BlockClasses {
  readonly #groups = new Map<string, Group>();
  readonly #names: Set<string>;

  /**
   * @param children of the model itself
   * @param taken names of other classes in the file
   */
  constructor(children: readonly BlockChild[], taken: Iterable<string>) {
    this.#names = new Set([...taken, 'None', 'True', 'False', 'Tensor']);
    this.#collect(children);
  }

  /** In an order in which each stands before it is used. */
  sources(): readonly string[] {
    return [...this.#groups.values()].map((group) => this.#source(group));
  }

  /** Lines of a constructor that make the blocks in it. */
  attributes(children: readonly BlockChild[], given: ReadonlyMap<string, string> = new Map()): readonly string[] {
    return children.map((child) => {
      const calls = child.copies.map((body, copy) => {
        const passed = this.#numbers(body).map(([name, value]) => `${name}=${given.get(argumentOf(child, copy, name)) ?? value}`);
        return `${this.#group(body).name}(${passed.join(', ')})`;
      });
      const [first = ''] = calls;
      if (!child.repeated) return `self.${child.name} = ${first}`;
      const alike = calls.every((call) => call === first);
      return `self.${child.name} = nn.ModuleList(${alike ? `${first} for _ in range(${calls.length})` : `[${calls.join(', ')}]`})`;
    });
  }

  #collect(children: readonly BlockChild[]): void {
    for (const { copies } of children) {
      for (const body of copies) {
        this.#collect(body.children);
        const key = keyOf(body);
        const known = this.#groups.get(key);
        if (known === undefined) this.#groups.set(key, { name: this.#name(body.title), bodies: [body] });
        else known.bodies.push(body);
      }
    }
  }

  #group(body: BlockBody): Group {
    const found = this.#groups.get(keyOf(body));
    if (found === undefined) throw new Error(`${body.title}: no class`);
    return found;
  }

  /** `my encoder` → `MyEncoder`; of letters and digits, and no other class's name. */
  #name(title: string): string {
    const ascii = title.normalize('NFKD').replaceAll(/[\u0300-\u036f]/g, '');
    const words = ascii.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
    const joined = words
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join('')
      .slice(0, 60);
    const stem = /^[A-Z]/.test(joined) ? joined : `Block${joined}`;
    let name = stem;
    for (let n = 2; this.#names.has(name); n++) name = `${stem}${/\d$/.test(stem) ? '_' : ''}${n}`;
    this.#names.add(name);
    return name;
  }

  /** The numbers in which the copies of a body's class differ, by the names of the class's arguments. */
  #numbers(body: BlockBody): readonly (readonly [string, number])[] {
    const all = this.#group(body).bodies.map((one) => this.#candidates(one));
    return this.#candidates(body).filter(([, value], at) => all.some((other) => other[at]?.[1] !== value));
  }

  #candidates(body: BlockBody): readonly (readonly [string, number])[] {
    return [
      ...body.modules.flatMap((module) =>
        numbersOf(module).map(([name, value]) => [`${module.attribute}_${name}`, value] as const),
      ),
      ...body.children.flatMap((child) =>
        child.copies.flatMap((copy, index) =>
          this.#numbers(copy).map(([name, value]) => [argumentOf(child, index, name), value] as const),
        ),
      ),
    ];
  }

  #source({ name, bodies }: Group): string {
    const [body] = bodies;
    if (body === undefined) throw new Error(`${name}: no body`);
    const open = this.#numbers(body).map(([argument]) => argument);
    const given = new Map(open.map((argument) => [argument, argument]));
    const modules = body.modules.map((module) => `self.${module.attribute} = ${constructorCall(module, given)}`);
    const commented = bodies.every(({ lines }) => lines.join('\n') === body.lines.join('\n'));
    const alignment = body.functions.has('attend') ? ['self.alignment: Tensor | None = None  # of the last call, [B, U, T]'] : [];
    const signature = ['self', ...open.map((argument) => `${argument}: int`)].join(', ');
    const results = body.results.length === 1 ? 'Tensor' : 'tuple';
    return [
      `class ${name}(nn.Module):`,
      `    """${describe(body)}"""`,
      '',
      `    def __init__(${signature}) -> None:`,
      '        super().__init__()',
      ...indented([...modules, ...this.attributes(body.children, given), ...alignment], 2),
      '',
      `    def forward(${['self', ...body.parameters].join(', ')}) -> ${results}:`,
      ...indented(commented ? body.lines : body.lines.map(bare), 2),
      `        return ${body.results.join(', ')}`,
    ].join('\n');
  }
}

interface Group {
  readonly name: string;
  readonly bodies: BlockBody[];
}

const argumentOf = ({ name, repeated }: BlockChild, copy: number, argument: string): string =>
  `${name}_${repeated ? `${copy}_` : ''}${argument}`;

const numbersOf = ({ arguments: values }: TorchModule): readonly (readonly [string, number])[] =>
  Object.entries(values).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value] as const] : []));

/** A line without the shape behind it. */
const bare = (line: string): string => line.replace(/ {2}# \[B, .*\]$/, '');

/** The same for copies that one class can be. */
function keyOf(body: BlockBody): string {
  const module = (one: TorchModule): unknown => [
    one.attribute,
    one.className,
    one.positional,
    one.frozen ?? false,
    Object.entries(one.arguments).map(([name, value]) => [name, typeof value === 'number' ? 'number' : value]),
  ];
  return JSON.stringify([
    body.definition,
    body.modules.map(module),
    body.children.map(({ name, repeated, copies }) => [name, repeated, copies.map(keyOf)]),
    body.parameters,
    body.results,
    body.lines.map(bare),
  ]);
}

/** What it is made of, in the words of its attributes; the name that the user gave it is the class's. */
function describe({ modules, children, states }: BlockBody): string {
  const parts = [...modules.map(({ attribute }) => attribute), ...children.map(({ name }) => name)];
  const text =
    parts.length === 0 || parts.join(', ').length > 72 ? `A block of ${parts.length} modules.` : `A block: ${parts.join(', ')}.`;
  return states === 0 ? text : `${text} hidden: the states of its recurrent modules.`;
}
