import { attend } from '../../kernels/attention.tf.ts';
import { type Builder, type Value, valueAt } from '../builder.tf.ts';
import { runStack } from '../stack.tf.ts';

/**
 * The cell over the target's steps, then attention at each of them (Luong et al. 2015, “Effective Approaches to Attention-based Neural
 * Machine Translation”): since the recurrence does not read what attention found, the whole sequence is computed at once.
 */
export const buildDecoder: Builder<'decoder'> = (context) => {
  const { config, inputs, module, mode, wanted, parameter } = context;
  const wired = inputs['initial']?.[0] === undefined ? null : valueAt(inputs, 'initial', 'state').layers;
  const { time } = valueAt(inputs, 'sequence', 'sequence');
  const { sequence, states } = runStack(context, {
    stack: config,
    reverse: [false],
    initial: mode.carried?.read(module.id) ?? wired,
    want: { sequence: true, last: false, states: mode.carried !== undefined || wanted.has('state') },
  });
  if (sequence === null) throw new Error('decoder: no sequence');
  const outputs: Record<string, Value> = {};
  if (states !== null) {
    mode.carried?.write(module.id, states);
    outputs['state'] = { type: 'state', layers: states };
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
