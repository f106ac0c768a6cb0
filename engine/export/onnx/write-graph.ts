import type { Plan } from '../../compile/plan.ts';
import type { NamedTensor } from '../../files/safetensors.ts';
import type { OnnxGraphData } from '../../layers/onnx-data.ts';
import type { PlanModule } from '../../layers/plan-module.ts';
import { findLayer } from '../../layers/registry.ts';
import { modelInputs } from './border.ts';
import { LayerWriter } from './layer-writer.ts';

/**
 * The plan as an ONNX graph: inputs `tokens [batch, time]` or `series [batch, time, F]` and `lengths [batch]`, one output named for what it
 * is. An encoder–decoder also takes `targets [batch, target_time]` and `target_lengths [batch]`: every step at once, as in training.
 *
 * @param parameters by the app's names `module.param`
 * @throws UserError `not-in-onnx` for a layer that ONNX cannot express
 */
export function writeGraph(plan: Plan, parameters: ReadonlyMap<string, NamedTensor>): OnnxGraphData {
  const writer = new LayerWriter(plan, parameters, modelInputs(plan));
  for (const module of plan.modules) writer.write(module);
  const description = `${titles(plan.modules)}. Batch first; lengths says how many steps of each row are real.`;
  return writer.data({ suffix: '', description }, writer.writeResult());
}

/** The layers in words. */
export const titles = (modules: readonly PlanModule[]): string =>
  modules.map((module) => findLayer(module.kind)?.title ?? module.kind).join(', ');
