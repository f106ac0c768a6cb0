import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { MatrixProducts } from '../../engine/protocol/app.ts';
import { MatrixProductsChoice } from './matrix-products.tsx';

const shown = (options: readonly MatrixProducts[], chosen: MatrixProducts): string =>
  renderToStaticMarkup(<MatrixProductsChoice options={options} chosen={chosen} onChoose={() => {}} />);

it('offers what this machine has, and says what it does', () => {
  const processor = shown(['float32', 'bfloat16'], 'bfloat16');
  expect(processor).toContain('Matrix products of native TensorFlow');
  expect([...processor.matchAll(/aria-checked="(\w+)"[^>]*>(\w+)</g)].map(([, checked, label]) => [label, checked])).toEqual([
    ['float32', 'false'],
    ['bfloat16', 'true'],
  ]);
  expect(processor).toContain('rounds what a training step multiplies to 8 bits');
  const gpu = shown(['float32', 'tf32', 'float16'], 'float32');
  expect(gpu).toContain('Matrix products on the GPU');
  expect(gpu).toContain('TF32 rounds the factors to 10 bits');
  expect(gpu).not.toContain('bfloat16');
});
