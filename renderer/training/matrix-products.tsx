import type { MatrixProducts } from '../../engine/protocol/app.ts';
import { Segmented } from '../ui/segmented.tsx';

const options = [
  { value: 'float32', label: 'float32' },
  { value: 'tf32', label: 'TF32' },
  { value: 'float16', label: 'float16' },
] as const;

interface MatrixProductsProps {
  readonly chosen: MatrixProducts;
  onChoose(choice: MatrixProducts): void;
}

/** How this machine's NVIDIA GPU multiplies matrices: a setting of the machine, not of the document. */
export function MatrixProductsChoice({ chosen, onChoose }: MatrixProductsProps) {
  return (
    <section className="device-menu__setup" aria-label="Matrix products">
      <b>Matrix products on the GPU</b>
      <Segmented label="Matrix products on the GPU" value={chosen} onChange={onChoose} options={options} />
      <p className="device-menu__note">
        TF32 rounds the factors to 10 bits for the tensor cores: faster on large networks, less exact. With float16, recurrent
        layers that cuDNN runs compute in numbers of 16 bits, once they have passed their check in it; the rest is as with TF32.
        Weights, and what is between layers, stay float32. Counts from the next start of Unroll.
      </p>
    </section>
  );
}
