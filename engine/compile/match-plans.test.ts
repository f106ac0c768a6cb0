import { describe, expect, it } from 'vitest';
import { dataBinding } from '../document/data-binding.ts';
import { emptyDocument, type UnrollDocument } from '../document/schema.ts';
import { randomGraph } from '../export/random-graphs.ts';
import { collapse } from '../graph/blocks/collapse.ts';
import { unpack } from '../graph/blocks/edit-blocks.ts';
import { placeOf } from '../graph/blocks/inside-id.ts';
import { setRepeat } from '../graph/blocks/repeat.ts';
import { put } from '../graph/blocks/test-graphs.test-support.ts';
import { setParams } from '../graph/edit.ts';
import { parameterName } from '../layers/plan-module.ts';
import { Random } from '../random.ts';
import type { DataFacts } from '../shapes/data-facts.ts';
import { compilePlan } from './compile-plan.ts';
import { matchWeights } from './match-plans.ts';
import type { Plan } from './plan.ts';

const facts: DataFacts = { vocabulary: 9, classes: 3, features: null, targets: null };
const data = dataBinding.parse({ source: { kind: 'template', name: 'contract' }, task: 'step-tagging' });

function planOf(document: UnrollDocument): Plan {
  const compiled = compilePlan(document, facts);
  if (!compiled.ok) throw new Error(compiled.problems[0]?.message);
  return compiled.plan;
}
function collapsed(document: UnrollDocument, ids: readonly string[], name = 'Part') {
  const made = collapse(document, new Set(ids), name);
  if (!made.ok) throw new Error(made.message);
  return made;
}
const graph = (...nodes: readonly ReturnType<typeof put>[]): UnrollDocument =>
  nodes.reduce<UnrollDocument>((document, add) => add(document), { ...emptyDocument('graph'), data });

const start = [put('tokens', 'token-input'), put('embed', 'embedding', { tokens: 'tokens.tokens' }, { width: 4 })];
const dense = (id: string, input: string, activation = 'relu') => put(id, 'dense', { input }, { units: 4, activation });
const head = (input: string) => put('head', 'dense-softmax', { input });
/** Which node's weights go where: `of in the plan < of in the model`. */
function pairs(plan: Plan, model: Plan): string[] | null {
  const owner = ({ modules }: Plan) =>
    new Map(
      modules.flatMap((m) => m.parameters.map((spec): [string, string] => [parameterName(m, spec), `${m.id} ${spec.name}`])),
    );
  const [mine, theirs] = [owner(plan), owner(model)];
  const match = matchWeights(plan, model);
  return (
    match && [...match].map(([name, own]) => `${mine.get(name)} < ${theirs.get(own)}`).filter((pair) => pair.includes('weight'))
  );
}

const parallel = graph(
  ...start,
  dense('a', 'embed.sequence'),
  dense('b', 'embed.sequence'),
  put('sum', 'concat', { inputs: ['a.output', 'b.output'] }),
  head('sum.output'),
);

describe('weights are found again', () => {
  it('where a part was collapsed, in whatever order its names come then', () => {
    const { document } = collapsed(parallel, ['b']);
    expect(pairs(planOf(document), planOf(parallel))?.slice(1, 3)).toEqual([
      'a weight < a weight',
      'block-1/b weight < b weight',
    ]);
    expect(pairs(planOf(parallel), planOf(document))?.slice(1, 3)).toEqual([
      'a weight < a weight',
      'b weight < block-1/b weight',
    ]);
  });

  it('where the same names came to stand for other nodes', () => {
    const other = graph(
      ...start,
      dense('b', 'embed.sequence'),
      dense('a', 'embed.sequence'),
      put('sum', 'concat', { inputs: ['a.output', 'b.output'] }),
      head('sum.output'),
    );
    const [one, two] = [planOf(other), planOf(parallel)];
    expect(one.modules.find(({ id }) => id === 'b')?.name).toBe('dense');
    expect(two.modules.find(({ id }) => id === 'a')?.name).toBe('dense');
    expect(pairs(one, two)).toContain('b weight < b weight');
  });

  it('in a repeated block those of a chain, in their order, though their ids differ', () => {
    const once = collapsed(graph(...start, dense('a', 'embed.sequence'), head('a.output')), ['a']);
    const thrice = setRepeat(once.document, facts, once.id, 3);
    const chain = thrice.ok && unpack(thrice.document, once.id);
    if (!thrice.ok || chain === false || !chain.ok) throw new Error('it is repeated');
    const [first = '', second = '', third = ''] = planOf(chain.document)
      .modules.filter(({ kind }) => kind === 'dense')
      .map(({ id }) => id);
    expect(pairs(planOf(thrice.document), planOf(chain.document))?.slice(1, 4)).toEqual([
      `${once.id}#0/a weight < ${first} weight`,
      `${once.id}#1/a weight < ${second} weight`,
      `${once.id}#2/a weight < ${third} weight`,
    ]);
  });

  it('of equal branches, each with what follows it', () => {
    const branches = (x: string, y: string): UnrollDocument =>
      graph(
        ...start,
        dense(x, 'embed.sequence'),
        dense(y, 'embed.sequence'),
        dense(`${x}2`, `${x}.output`),
        dense(`${y}2`, `${y}.output`),
        put('sum', 'concat', { inputs: [`${x}2.output`, `${y}2.output`] }),
        head('sum.output'),
      );
    expect(pairs(planOf(branches('p', 'q')), planOf(branches('u', 'v')))?.slice(1, 5)).toEqual([
      'p weight < u weight',
      'q weight < v weight',
      'p2 weight < u2 weight',
      'q2 weight < v2 weight',
    ]);
  });

  it('with another setting, and another id', () => {
    const chain = (rate: string, id: string): UnrollDocument =>
      graph(...start, dense(id, 'embed.sequence', rate), head(`${id}.output`));
    expect(pairs(planOf(chain('tanh', 'a')), planOf(chain('relu', 'z')))?.[1]).toBe('a weight < z weight');
  });

  it('in any graph, of any part of it', () => {
    let made = 0;
    for (let seed = 1; seed <= 160; seed++) {
      const { document: flat, plan: model } = randomGraph(seed);
      if (flat.blocks.length > 0) continue;
      const random = new Random(seed, 'parts');
      const part = collapse(flat, new Set(flat.nodes.filter(() => random.below(3) === 0).map(({ id }) => id)), 'Part');
      if (!part.ok) continue;
      const compiled = compilePlan(part.document, model.facts);
      if (!compiled.ok) continue;
      made++;
      for (const [to, from] of [
        [compiled.plan, model],
        [model, compiled.plan],
      ] as const) {
        for (const pair of pairs(to, from) ?? ['no match']) {
          const [mine = '', own = ''] = pair.split(' < ').map((side) => placeOf(side).id);
          expect(mine, `graph ${seed}`).toBe(own);
        }
      }
    }
    expect(made).toBeGreaterThan(10);
  });
});

describe('none are found', () => {
  const one = graph(...start, dense('a', 'embed.sequence'), head('a.output'));

  it('in a graph with another layer, width or wire', () => {
    expect(pairs(planOf(one), planOf(graph(...start, head('embed.sequence'))))).toBeNull();
    expect(pairs(planOf(setParams(one, 'embed', { width: 5 })), planOf(one))).toBeNull();
    const other = graph(...start, dense('a', 'embed.sequence'), put('n', 'layer-norm', { input: 'a.output' }), head('n.output'));
    const swapped = graph(
      ...start,
      put('n', 'layer-norm', { input: 'embed.sequence' }),
      dense('a', 'n.output'),
      head('a.output'),
    );
    expect(pairs(planOf(other), planOf(swapped))).toBeNull();
  });

  it('where one wire ends elsewhere, or a module is read by none', () => {
    const plan = planOf(parallel);
    const rewired = (port: string, ...from: readonly string[]): Plan => ({
      ...plan,
      modules: plan.modules.map((one) =>
        one.id === 'sum' ? { ...one, inputs: { inputs: from.map((module) => ({ module, port })) } } : one,
      ),
    });
    expect(pairs(rewired('output', 'a', 'a', 'b'), rewired('output', 'a', 'a', 'b'))).not.toBeNull();
    expect(pairs(rewired('output', 'a', 'a', 'b'), rewired('output', 'b', 'a', 'b'))).toBeNull();
    expect(pairs(rewired('output', 'a', 'b'), rewired('state', 'a', 'b'))).toBeNull();
    expect(pairs(rewired('output', 'a', 'b'), rewired('output', 'a', 'a'))).toBeNull();
    const more = { ...plan, modules: plan.modules.flatMap((one) => (one.id === 'a' ? [one, { ...one, id: 'more' }] : [one])) };
    expect([pairs(more, plan), pairs(plan, more)]).toEqual([null, null]);
  });
});
