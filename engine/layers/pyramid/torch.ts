import type { z } from 'zod';
import { known, only } from '../ports.ts';
import { type TorchLayer, type TorchModule, type TorchNode, type TorchWeight, wired } from '../torch.ts';
import { cellOf, poolLines, recurrentModule, runFunctions, weightName } from '../torch-recurrent.ts';
import { lastOfStates, layerLines } from '../torch-stack.ts';
import type { pyramid } from './definition.ts';

type Config = z.output<typeof pyramid.config>;

/** Attributes of one layer: two where a cell that `torch.nn` lacks runs in both directions. */
function attributes(node: TorchNode<Config>, layer: number): readonly string[] {
  const name = `${node.name}_l${layer}`;
  return node.config.directions === 'both' && !cellOf(node).stock ? [name, `${name}_reverse`] : [name];
}

function layerModules(node: TorchNode<Config>, layer: number): readonly TorchModule[] {
  const cell = cellOf(node);
  const { directions, join } = node.config;
  const first = known(only(node.inputTypes, 'sequence', 'sequence').features, `input width of ${node.name}`);
  const input = join * (layer === 0 ? first : (cell.widths[0] ?? 0) * (directions === 'both' ? 2 : 1));
  return attributes(node, layer).map((attribute) =>
    recurrentModule(node, attribute, {
      input,
      layers: 1,
      dropout: 0,
      directions: directions === 'both' && cell.stock ? 2 : 1,
      given: false,
    }),
  );
}

const eachLayer = (node: TorchNode<Config>): readonly number[] => Array.from({ length: node.config.layers }, (_unused, i) => i);

/** A recurrent module for each layer, with the steps joined before it. */
export const pyramidTorch: TorchLayer<Config> = {
  modules: (node) => eachLayer(node).flatMap((layer) => layerModules(node, layer)),
  forward: (node, scope) => {
    const cell = cellOf(node);
    const { directions, join, output: mode } = node.config;
    const merge = directions === 'both' ? 'concat' : null;
    const out = scope.output;
    const lengths = `${node.name}_lengths`;
    const lines: string[] = [];
    let [input, before] = [wired(scope, 'sequence'), scope.lengths('sequence')];
    let states: readonly string[] = [];
    for (const layer of eachLayer(node)) {
      const names = attributes(node, layer);
      states = names.map((attribute) => scope.state(attribute));
      const discard = mode === 'last' && layer === node.config.layers - 1;
      lines.push(`${out}, ${lengths} = join_steps(${input}, ${before}, ${join})`);
      lines.push(...layerLines(cell, merge, names, { input: out, target: out, lengths, states, starts: states, discard }));
      [input, before] = [out, lengths];
    }
    const pool = poolLines(mode, out, lengths);
    lines.push(...pool.lines, ...(mode === 'last' ? lastOfStates(cell, merge, states, out) : []));
    const [state = '', reverse] = states;
    const both =
      cell.widths.length === 1 ? `torch.cat([${state}, ${reverse}])` : `tuple(map(torch.cat, zip(${state}, ${reverse})))`;
    return {
      lines,
      outputs: { output: out, state: reverse === undefined ? state : both },
      lengths: { output: lengths },
      functions: [
        'join_steps',
        'real_steps',
        ...runFunctions(cell),
        ...pool.functions,
        ...(merge !== null && !cell.stock ? (['reverse_steps'] as const) : []),
      ],
    };
  },
  weight: (node, parameter): TorchWeight => {
    const cell = cellOf(node);
    const [, name = '', layer = '', reverse = ''] = /^(\w+)_l(\d)(_reverse)?$/.exec(parameter) ?? [];
    const names = attributes(node, Number(layer));
    const attribute = reverse !== '' && !cell.stock ? names[1] : names[0];
    if (attribute === undefined) throw new Error(`${node.name}: no module for ${parameter}`);
    const signs = cell.signs === undefined ? {} : { signs: cell.signs };
    return { name: `${attribute}.${weightName(cell, name, reverse)}`, ...signs };
  },
};
