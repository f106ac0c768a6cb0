import { z } from 'zod';
import { defineLayer } from '../layer.ts';
import { pictureSize } from '../picture-size.ts';
import { only } from '../ports.ts';

/**
 * Convolution, activation and max pooling of pictures: `torch.nn.Conv2d(padding="same")`, then `MaxPool2d`. Weight `[out, in, k, k]`,
 * uniform within 1/√(in·k²), as PyTorch starts it.
 */
export const convolution = defineLayer({
  kind: 'convolution',
  title: 'Convolution',
  family: 'represent',
  summary: 'Looks for small patterns all over a picture, and makes it smaller.',
  keywords: ['conv2d', 'cnn', 'image', 'picture', 'filter', 'pooling', 'video'],
  config: z.strictObject({
    filters: z
      .number()
      .int()
      .min(1)
      .max(512)
      .default(16)
      .meta({ title: 'Filters', description: 'Patterns that are looked for.' }),
    kernel: z
      .enum(['1', '3', '5', '7'])
      .default('3')
      .meta({ title: 'Kernel', description: 'Rows and columns that a pattern spans.' }),
    activation: z
      .enum(['relu', 'tanh', 'identity'])
      .default('relu')
      .meta({ title: 'Activation', description: 'Applied before pooling.' }),
    pool: z
      .number()
      .int()
      .min(1)
      .max(4)
      .default(2)
      .meta({ title: 'Pool', description: 'Side of the squares of which only the maximum is kept; 1 keeps everything.' }),
  }),
  inputs: [{ name: 'pictures', label: 'pictures', accepts: ['pictures'] }],
  outputs: [{ name: 'output', label: 'output', types: ['pictures'] }],
  shape: (config, inputs) => {
    const { size, time } = only(inputs, 'pictures', 'pictures');
    if (size === null) return { ok: true, outputs: { output: { type: 'pictures', size: null, time } } };
    const [height, width] = [Math.floor(size.height / config.pool), Math.floor(size.width / config.pool)];
    if (height === 0 || width === 0) {
      return {
        ok: false,
        message: `a picture of ${size.height} × ${size.width} is too small for pooling by ${config.pool}`,
        fix: 'Pool less, take a convolution out, or use larger pictures.',
      };
    }
    return { ok: true, outputs: { output: { type: 'pictures', size: { height, width, channels: config.filters }, time } } };
  },
  brief: (config) => `conv ${config.filters}`,
  subtitle: (config) => `${config.filters} × ${config.kernel}·${config.kernel}${config.pool > 1 ? ` · pool ${config.pool}` : ''}`,
  parameters: (config, inputs) => {
    const { channels } = pictureSize(only(inputs, 'pictures', 'pictures'));
    const kernel = Number(config.kernel);
    const initializer = { kind: 'uniform', bound: 1 / Math.sqrt(channels * kernel * kernel) } as const;
    return [
      { name: 'weight', shape: [config.filters, channels, kernel, kernel], initializer, decay: true, trainable: true },
      { name: 'bias', shape: [config.filters], initializer, decay: false, trainable: true },
    ];
  },
});
