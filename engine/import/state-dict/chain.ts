import { importError } from '../import-error.ts';
import { byName, type StockModule } from './torch-modules.ts';

export interface Chain {
  readonly modules: readonly StockModule[];
  /** Whether the widths allow another order, too. */
  readonly ambiguous: boolean;
}

/** More modules than a chain of stock modules has; the search stays instant. */
const mostModules = 24;
const mostTries = 50_000;

/**
 * The order in which the modules run, found by their widths: what one gives, the next takes. Where several orders fit, the one is taken
 * that has recurrent layers first, then norms, then Linear, each by name.
 *
 * @throws UserError `import-no-chain`
 */
export function findChain(modules: readonly StockModule[]): Chain {
  if (modules.length > mostModules) {
    throw noChain(`there are ${modules.length} modules`, `At most ${mostModules} can be imported.`);
  }
  const embeddings = modules.filter((module) => module.kind === 'embedding');
  const heads = modules.filter((module) => module.kind === 'linear');
  if (embeddings.length > 1) {
    throw noChain(
      `there are ${embeddings.length} embeddings: ${embeddings.map(({ name }) => name || 'weight').join(', ')}`,
      'A chain has one. Build models with several inputs on the canvas.',
    );
  }
  if (heads.length === 0) {
    throw noChain(
      'there is no nn.Linear that could be the head',
      'Save the state dict of the whole model, its last nn.Linear included.',
    );
  }
  const rest = modules.filter((module) => module.kind !== 'embedding').sort(inPreferredOrder);
  const found: StockModule[][] = [];
  let tries = 0;
  const extend = (chain: readonly StockModule[], left: readonly StockModule[]): void => {
    if (found.length > 1 || ++tries > mostTries) return;
    if (left.length === 0) {
      if (chain.at(-1)?.kind === 'linear') found.push([...chain]);
      return;
    }
    const width = chain.at(-1)?.out;
    for (const next of left) {
      if (next.kind === 'embedding' || (width !== undefined && next.in !== width)) continue;
      extend(
        [...chain, next],
        left.filter((module) => module !== next),
      );
    }
  };
  extend(embeddings, rest);
  const [first] = found;
  if (first === undefined) {
    const widths = modules.map((module) => `${module.name || 'weight'} ${'in' in module ? module.in : 'tokens'} → ${module.out}`);
    throw noChain(
      `the widths do not fit one after the other (${widths.join(', ')})`,
      'Models that branch or join are built on the canvas.',
    );
  }
  return { modules: first, ambiguous: found.length > 1 };
}

const ranks = { embedding: 0, recurrent: 1, norm: 2, linear: 3 } as const;
const inPreferredOrder = (a: StockModule, b: StockModule): number => ranks[a.kind] - ranks[b.kind] || byName(a.name, b.name);

const noChain = (what: string, hint: string) => importError('no-chain', `The modules make no chain: ${what}.`, hint);
