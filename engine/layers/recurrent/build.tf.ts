import { lastStep } from '../../kernels/pooling.tf.ts';
import { type Builder, type Value, valueAt } from '../builder.tf.ts';
import { runStack } from '../stack.tf.ts';
import { addsInputs } from '../stack.ts';
import { wrapperResult } from '../wrapper-result.tf.ts';

/**
 * The cell over the sequence `[T, B, I]`. `last` is what the last layer gives at the direction's last real step: step T_x of each row
 * forwards, step 1 backwards. Without residual connections that is `h_n` of PyTorch.
 */
export const buildRecurrent: Builder<'recurrent'> = (context) => {
  const { config, inputs, wanted, mode: run } = context;
  const backward = config.direction === 'backward';
  const carried = backward ? undefined : run.carried;
  const wired = inputs['initial']?.[0] === undefined ? null : valueAt(inputs, 'initial', 'state').layers;
  const { time } = valueAt(inputs, 'sequence', 'sequence');
  const mode = config.output;
  const reads = wanted.has('output');
  const lastState = mode === 'last' && !addsInputs(config);
  const { sequence, last, states } = runStack(context, {
    stack: config,
    reverse: [backward],
    initial: carried?.read(context.module.id) ?? wired,
    want: { sequence: reads && !lastState, last: reads && lastState, states: carried !== undefined || wanted.has('state') },
  });
  const outputs: Record<string, Value> = {};
  if (states !== null) {
    carried?.write(context.module.id, states);
    outputs['state'] = { type: 'state', layers: states };
  }
  const h = last?.[0];
  if (h !== undefined) outputs['output'] = { type: 'vector', tensor: h, differentiable: true };
  if (sequence !== null) {
    outputs['output'] =
      mode === 'last'
        ? { type: 'vector', tensor: lastStep(sequence, time.mask, backward), differentiable: true }
        : wrapperResult(mode, sequence, time);
  }
  return outputs;
};
