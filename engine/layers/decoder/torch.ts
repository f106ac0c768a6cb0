import type { z } from 'zod';
import type { AttentionScore } from '../../kernels/attention-score.ts';
import { known, only } from '../ports.ts';
import { type TorchClass, type TorchLayer, type TorchModule, type TorchNode, wired } from '../torch.ts';
import { cellOf } from '../torch-recurrent.ts';
import { type StackSettings, stackForward, stackModules, stackWeight } from '../torch-stack.ts';
import type { decoder } from './definition.ts';

type Config = z.output<typeof decoder.config>;

/** A decoder's stack is one of one direction that gives every step. */
export const decoderStack = (config: Config): StackSettings => ({
  ...config,
  output: 'every-step',
  merge: null,
  backward: false,
});

const classes: Readonly<Record<AttentionScore, TorchClass>> = {
  dot: 'DotAttention',
  general: 'GeneralAttention',
  additive: 'AdditiveAttention',
};

const attribute = (node: TorchNode<Config>): string => `${node.name}_attention`;

function attentionModule(node: TorchNode<Config>): readonly TorchModule[] {
  const { attention, attentionWidth } = node.config;
  if (attention === 'none') return [];
  const memory = known(only(node.inputTypes, 'memory', 'sequence').features, 'width of the memory');
  return [
    {
      attribute: attribute(node),
      className: classes[attention],
      arguments: {
        state_size: cellOf(node).widths[0] ?? 0,
        memory_size: memory,
        ...(attention === 'additive' ? { hidden_size: attentionWidth } : {}),
      },
      positional: 2,
    },
  ];
}

/** The stock module over the previous tokens, then attention at each step; its alignment stays in `self.alignment`. */
export const decoderTorch: TorchLayer<Config> = {
  modules: (node) => [...stackModules(node, decoderStack(node.config)), ...attentionModule(node)],
  forward: (node, scope) => {
    const stack = stackForward(node, scope, decoderStack(node.config));
    if (node.config.attention === 'none') return stack;
    const out = scope.output;
    const call = `self.${attribute(node)}(${out}, ${wired(scope, 'memory')}, ${scope.lengths('memory')})`;
    return {
      ...stack,
      lines: [...stack.lines, `${out}, self.alignment = ${call}`],
      functions: [...stack.functions, 'attend', 'real_steps'],
    };
  },
  weight: (node, parameter) =>
    parameter.startsWith('attention.')
      ? { name: `${attribute(node)}.${parameter.slice('attention.'.length)}` }
      : stackWeight(node, decoderStack(node.config), parameter),
};
