import type { Plan } from '../../compile/plan.ts';
import type { DataEncoding } from '../../data/dataset.ts';
import { vocabularyJson } from '../pytorch/vocabulary-json.ts';

/** What a program needs to use `model.onnx` alone, as the strings that ONNX keeps beside the graph. */
export function metadata(plan: Plan, encoding: DataEncoding, name: string): Record<string, string> {
  return {
    name,
    task: plan.task,
    classes: JSON.stringify(encoding.classes),
    vocabulary: JSON.stringify(JSON.parse(vocabularyJson(encoding))),
  };
}
