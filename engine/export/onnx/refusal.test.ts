import { expect, it, vi } from 'vitest';
import { initializeParameters } from '../../compile/initialize.ts';
import { UserError } from '../../protocol/envelope.ts';
import { layerCases } from '../pytorch/parity-cases.ts';
import { writeGraph } from './write-graph.ts';

vi.mock(import('../../layers/onnx-modules.ts'), async (original) => {
  const { onnxLayer } = await original();
  return { onnxLayer: (kind) => (kind === 'layer-norm' ? { refused: 'it has no such operator' } : onnxLayer(kind)) };
});

it('refuses a layer that ONNX cannot express, by name', () => {
  const one = layerCases().find(({ name }) => name === 'layer norm and dropout');
  if (one === undefined) throw new Error('the case is gone');
  const write = (): unknown => writeGraph(one.plan, initializeParameters(one.plan, 1));
  expect(write).toThrow(UserError);
  expect(write).toThrow('Layer norm cannot be written as ONNX: it has no such operator.');
});
