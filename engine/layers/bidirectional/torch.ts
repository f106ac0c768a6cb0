import type { z } from 'zod';
import { type TorchLayer, type TorchNode, type TorchScope, wired } from '../torch.ts';
import { cellOf, hiddenOf, poolLines, recurrentModule, runCall, runFunctions } from '../torch-recurrent.ts';
import type { bidirectional } from './definition.ts';

type Config = z.output<typeof bidirectional.config>;

/** `nn.RNN/GRU/LSTM(bidirectional=True)`; a cell that `torch.nn` lacks runs twice, the second time on reversed steps. */
export const bidirectionalTorch: TorchLayer<Config> = {
  modules: (node) =>
    cellOf(node).stock
      ? [recurrentModule(node, node.name, 2, false)]
      : [recurrentModule(node, node.name, 1, false), recurrentModule(node, reverseName(node), 1, false)],
  forward: (node, scope) => {
    const cell = cellOf(node);
    const pool = poolLines(node.config.output, scope.output);
    const run = cell.stock ? stockLines(node, scope) : customLines(node, scope);
    return {
      lines: [...run, ...pool.lines],
      outputs: { output: scope.output },
      functions: [...runFunctions(cell), ...pool.functions, ...(cell.stock ? [] : (['reverse_steps'] as const))],
    };
  },
  weight: (node, parameter) => {
    const { stock, signs } = cellOf(node);
    const suffix = '_reverse';
    const name =
      !stock && parameter.endsWith(suffix)
        ? `${reverseName(node)}.${parameter.slice(0, -suffix.length)}`
        : `${node.name}.${parameter}`;
    return signs === undefined ? { name } : { name, signs };
  },
};

const reverseName = (node: TorchNode<Config>): string => `${node.name}_reverse`;

function stockLines(node: TorchNode<Config>, scope: TorchScope): readonly string[] {
  const cell = cellOf(node);
  const { merge, output: mode } = node.config;
  const out = scope.output;
  const state = scope.state(node.name);
  const call = runCall(cell, node.name, wired(scope, 'sequence'), state);
  if (mode === 'last') {
    return [
      `_, ${state} = ${call}`,
      `ahead, back = ${hiddenOf(cell, state)}  # h of both directions`,
      `${out} = ${merged(merge, 'ahead', 'back')}`,
    ];
  }
  if (merge === 'concat') return [`${out}, ${state} = ${call}`];
  return [`${out}, ${state} = ${call}`, `ahead, back = ${out}.chunk(2, dim=-1)`, `${out} = ${merged(merge, 'ahead', 'back')}`];
}

function customLines(node: TorchNode<Config>, scope: TorchScope): readonly string[] {
  const cell = cellOf(node);
  const { merge, output: mode } = node.config;
  const input = wired(scope, 'sequence');
  const [first, second] = [node.name, reverseName(node)];
  const last = mode === 'last';
  const back = runCall(cell, second, 'back', scope.state(second));
  return [
    `${last ? '_' : 'ahead'}, ${scope.state(first)} = ${runCall(cell, first, input, scope.state(first))}`,
    `back = reverse_steps(${input}, lengths)`,
    `${last ? '_' : 'back'}, ${scope.state(second)} = ${back}`,
    last
      ? `${scope.output} = ${merged(merge, `${hiddenOf(cell, scope.state(first))}[0]`, `${hiddenOf(cell, scope.state(second))}[0]`)}`
      : `${scope.output} = ${merged(merge, 'ahead', 'reverse_steps(back, lengths)')}`,
  ];
}

function merged(merge: Config['merge'], ahead: string, back: string): string {
  switch (merge) {
    case 'concat':
      return `torch.cat([${ahead}, ${back}], dim=-1)`;
    case 'sum':
      return `${ahead} + ${back}`;
    case 'mean':
      return `(${ahead} + ${back}) / 2`;
    case 'product':
      return `${ahead} * ${back}`;
  }
}
