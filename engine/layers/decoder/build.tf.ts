import { attend } from '../../kernels/attention.tf.ts';
import { type Builder, type Value, valueAt } from '../builder.tf.ts';
import { runCell } from '../cell-run.tf.ts';

/**
 * The cell over the target's steps, then attention at each of them (Luong et al. 2015, “Effective Approaches to Attention-based Neural
 * Machine Translation”): since the recurrence does not read what attention found, the whole sequence is computed at once.
 */
export const buildDecoder: Builder<'decoder'> = (context) => {
  const { config, inputs, module, mode, wanted, parameter } = context;
  const wired = inputs['initial']?.[0] === undefined ? null : valueAt(inputs, 'initial', 'state').layers;
  const initial = (mode.carried?.read(module.id) ?? wired)?.[0] ?? null;
  const input = valueAt(inputs, 'sequence', 'sequence');
  const { time } = input;
  const { sequence, final } = runCell(context, {
    suffix: '_l0',
    reverse: false,
    initial,
    input,
    want: { sequence: true, final: mode.carried !== undefined || wanted.has('state') },
  });
  if (sequence === null) throw new Error('decoder: no sequence');
  const outputs: Record<string, Value> = {};
  if (final !== null) {
    mode.carried?.write(module.id, [final]);
    outputs['state'] = { type: 'state', layers: [final] };
  }
  if (config.attention === 'none') {
    outputs['output'] = { type: 'sequence', tensor: sequence, time, differentiable: true };
    return outputs;
  }
  const memory = valueAt(inputs, 'memory', 'sequence');
  const { output, alignment } = attend(config.attention, sequence, memory.tensor, memory.time.mask, (name) =>
    parameter(`attention.${name}`),
  );
  mode.alignments?.set(module.id, alignment);
  outputs['output'] = { type: 'sequence', tensor: output, time, differentiable: true };
  return outputs;
};
