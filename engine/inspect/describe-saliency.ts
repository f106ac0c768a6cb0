import { headKind } from '../compile/loss-kind.ts';
import type { Saliency as Told } from '../protocol/saliency.ts';
import type { PictureSize } from '../shapes/value-type.ts';
import { sent } from './arrays.tf.ts';
import type { Objective } from './objective.tf.ts';
import { dataUnit } from './picked-values.ts';
import type { Saliency } from './saliency.tf.ts';
import type { Subject } from './subject.ts';

/** What was found, numbers in the data's own unit. */
export function describeSaliency({ model, encoding }: Subject, objective: Objective, found: Saliency): Told {
  const inData = dataUnit(encoding, objective);
  const { scale, shift } = inData ?? { scale: 1, shift: 0 };
  const scaled = (values: Float64Array): number[] => Array.from(values, (value) => scale * value);
  return {
    unit: inData !== null ? 'data' : headKind(model.plan) === 'linear-regression' ? 'loss' : 'nats',
    value: scale * found.value + shift,
    without: scale * found.without + shift,
    zero: encoding.inputNormalization === null ? 'embedding' : 'mean',
    gradient: scaled(found.gradient),
    integrated: scaled(found.integrated),
    occlusion: scaled(found.occlusion),
    pixels: pixelsOf(model.plan.facts.image, found, scale),
    points: found.points,
    error: scale * found.error,
    exact: found.exact,
  };
}

/** Of a picture that is the whole input. */
function pixelsOf(size: PictureSize | undefined, { numbers, gradient }: Saliency, scale: number): Told['pixels'] {
  if (size === undefined || gradient.length !== 1) return null;
  const { height, width, channels } = size;
  if (numbers.gradient.length !== height * width * channels) return null;
  const map = (values: Float64Array) => {
    const data = new Float32Array(height * width);
    for (const [at, value] of values.entries()) {
      const pixel = Math.floor(at / channels);
      data[pixel] = (data[pixel] ?? 0) + scale * value;
    }
    return sent({ shape: [height, width], data });
  };
  return { gradient: map(numbers.gradient), integrated: map(numbers.integrated) };
}
