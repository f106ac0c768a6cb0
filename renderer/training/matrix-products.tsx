import type { MatrixProducts } from '../../engine/protocol/app.ts';
import { Segmented } from '../ui/segmented.tsx';

const labels: Readonly<Record<MatrixProducts, string>> = {
  float32: 'float32',
  tf32: 'TF32',
  float16: 'float16',
  bfloat16: 'bfloat16',
};

interface MatrixProductsProps {
  readonly chosen: MatrixProducts;
  /** What is possible on this machine. */
  readonly options: readonly MatrixProducts[];
  onChoose(choice: MatrixProducts): void;
}

/** How native TensorFlow multiplies matrices here: a setting of the machine, not of the document. */
export function MatrixProductsChoice({ chosen, options, onChoose }: MatrixProductsProps) {
  const onProcessor = options.includes('bfloat16');
  const title = onProcessor ? 'Matrix products of native TensorFlow' : 'Matrix products on the GPU';
  return (
    <section className="device-menu__setup" aria-label="Matrix products">
      <b>{title}</b>
      <Segmented
        label={title}
        value={chosen}
        onChange={onChoose}
        options={options.map((value) => ({ value, label: labels[value] }))}
      />
      <p className="device-menu__note">{onProcessor ? processorNote : gpuNote} Counts from the next start of Unroll.</p>
    </section>
  );
}

const processorNote = `bfloat16 rounds what a training step multiplies to 8 bits, which this processor multiplies twice as fast. Sums, states,
weights and the optimizer stay float32, and all but training computes in float32.`;

const gpuNote = `TF32 rounds the factors to 10 bits for the tensor cores: faster on large networks, less exact. With float16, recurrent
layers that cuDNN runs compute in numbers of 16 bits, once they have passed their check in it; the rest is as with TF32. Weights, and what
is between layers, stay float32.`;
