import type { z } from 'zod';
import { type TorchLayer, wired } from '../torch.ts';
import { cellOf, hiddenOf, poolLines, recurrentModule, runCall, runFunctions } from '../torch-recurrent.ts';
import type { recurrent } from './definition.ts';

/** One direction: the stock module, on reversed steps when it runs backwards (`torch.nn` has no backward-only module). */
export const recurrentTorch: TorchLayer<z.output<typeof recurrent.config>> = {
  modules: (node) => [recurrentModule(node, node.name, 1, node.inputTypes['initial']?.[0] !== undefined)],
  forward: (node, scope) => {
    const cell = cellOf(node);
    const { direction, output: mode } = node.config;
    const out = scope.output;
    const state = scope.state(node.name);
    const start = scope.inputs['initial']?.[0] ?? state;
    const backward = direction === 'backward';
    const lines: string[] = [];
    let input = wired(scope, 'sequence');
    if (backward) {
      lines.push(`${out} = reverse_steps(${input}, lengths)`);
      input = out;
    }
    lines.push(`${mode === 'last' ? '_' : out}, ${state} = ${runCall(cell, node.name, input, start)}`);
    if (backward && mode === 'every-step') lines.push(`${out} = reverse_steps(${out}, lengths)`);
    const pool = poolLines(mode, out);
    lines.push(...pool.lines);
    if (mode === 'last') lines.push(`${out} = ${hiddenOf(cell, state)}[0]`);
    return {
      lines,
      outputs: { output: out, state },
      functions: [...runFunctions(cell), ...pool.functions, ...(backward ? (['reverse_steps'] as const) : [])],
    };
  },
  weight: (node, parameter) => ({ name: `${node.name}.${parameter}`, ...signs(node.cell) }),
};

const signs = (cell: { readonly signs?: readonly (1 | -1)[] } | null): { readonly signs?: readonly (1 | -1)[] } =>
  cell?.signs === undefined ? {} : { signs: cell.signs };
