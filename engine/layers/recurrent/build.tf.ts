import { type Builder, valueAt } from '../builder.tf.ts';
import { runCell } from '../cell-run.tf.ts';
import { wrapperResult } from '../wrapper-result.tf.ts';

/**
 * The cell over the sequence `[T, B, I]`. `last` is the state after the direction's last real step: step T_x of each row forwards,
 * step 1 backwards, as `h_n` of PyTorch.
 */
export const buildRecurrent: Builder<'recurrent'> = (context) => {
  const { config, inputs, batch, wanted } = context;
  const initial = inputs['initial']?.[0] === undefined ? null : valueAt(inputs, 'initial', 'state').parts;
  const outputs: Record<string, ReturnType<typeof wrapperResult>> = {};
  const mode = config.output;
  const reads = wanted.has('output');
  const { sequence, final } = runCell(context, {
    suffix: '',
    reverse: config.direction === 'backward',
    initial,
    want: { sequence: reads && mode !== 'last', final: wanted.has('state') || (reads && mode === 'last') },
  });
  if (mode !== 'last' && sequence !== null) outputs['output'] = wrapperResult(mode, sequence, batch);
  const h = final?.[0];
  if (mode === 'last' && h !== undefined) outputs['output'] = { type: 'vector', tensor: h, differentiable: true };
  if (final !== null) outputs['state'] = { type: 'state', parts: final };
  return outputs;
};
