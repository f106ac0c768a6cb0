import { type Builder, valueAt } from '../builder.tf.ts';
import { runCell } from '../cell-run.tf.ts';
import { wrapperResult } from '../wrapper-result.tf.ts';

/**
 * The cell over the sequence `[T, B, I]`. `last` is the state after the direction's last real step: step T_x of each row forwards,
 * step 1 backwards, as `h_n` of PyTorch.
 */
export const buildRecurrent: Builder<'recurrent'> = (context) => {
  const { config, inputs, wanted, mode: run } = context;
  const carried = config.direction === 'forward' ? run.carried : undefined;
  const wired = inputs['initial']?.[0] === undefined ? null : valueAt(inputs, 'initial', 'state').layers;
  const initial = (carried?.read(context.module.id) ?? wired)?.[0] ?? null;
  const outputs: Record<string, ReturnType<typeof wrapperResult>> = {};
  const mode = config.output;
  const reads = wanted.has('output');
  const { sequence, final } = runCell(context, {
    suffix: '_l0',
    reverse: config.direction === 'backward',
    initial,
    want: {
      sequence: reads && mode !== 'last',
      final: carried !== undefined || wanted.has('state') || (reads && mode === 'last'),
    },
  });
  if (mode !== 'last' && sequence !== null)
    outputs['output'] = wrapperResult(mode, sequence, valueAt(inputs, 'sequence', 'sequence').time);
  const h = final?.[0];
  if (mode === 'last' && h !== undefined) outputs['output'] = { type: 'vector', tensor: h, differentiable: true };
  if (final !== null) carried?.write(context.module.id, [final]);
  if (final !== null) outputs['state'] = { type: 'state', layers: [final] };
  return outputs;
};
