import type { z } from 'zod';
import type { StatePart } from '../../shapes/value-type.ts';
import { only } from '../ports.ts';
import { type TorchLayer, type TorchNode, wired } from '../torch.ts';
import { type bridge, bridgedWidth } from './definition.ts';

type Config = z.output<typeof bridge.config>;

const parts = (node: TorchNode<Config>): readonly StatePart[] => only(node.inputTypes, 'cell', 'cell').cell.states;

/** One `nn.Linear` for each part of the new state. */
export const bridgeTorch: TorchLayer<Config> = {
  modules: (node) =>
    parts(node).map(({ name, width: units }) => ({
      attribute: `${node.name}_${name}`,
      className: 'nn.Linear',
      arguments: {
        in_features: bridgedWidth(only(node.inputTypes, 'from', 'state', 'vector')),
        out_features: node.config.layers * units,
      },
      positional: 2,
    })),
  forward: (node, scope) => {
    const from = only(node.inputTypes, 'from', 'state', 'vector');
    const given = wired(scope, 'from');
    const out = scope.output;
    const beside =
      from.type === 'vector'
        ? given
        : from.parts.length === 1
          ? `torch.cat(list(${given}), dim=-1)`
          : `torch.cat([part for pair in zip(*${given}) for part in pair], dim=-1)`;
    const made = parts(node).map(({ name, width: units }) => {
      const z = `self.${node.name}_${name}(${out})`;
      const active = node.config.activation === 'tanh' ? `torch.tanh(${z})` : z;
      return `${active}.view(-1, ${node.config.layers}, ${units}).transpose(0, 1).contiguous()`;
    });
    const state = `${node.name}_state`;
    const lines =
      made.length === 1
        ? [`${out} = ${beside}`, `${state} = ${made[0]}`]
        : [`${out} = ${beside}`, `${state} = (`, ...made.map((part) => `    ${part},`), ')'];
    return { lines, outputs: { state }, functions: [] };
  },
  weight: (node, parameter) => ({ name: `${node.name}_${parameter}` }),
};
