import { type OnnxNode, type OnnxValue, renamed } from './onnx.ts';

/** Joins the values at the port `inputs`, all of one type, into one; a single one passes as it is. */
export function mergedInputs(node: OnnxNode<unknown>, join: (names: readonly string[]) => string): OnnxValue {
  const values = (node.inputs['inputs'] ?? []).flatMap((value) =>
    value.type === 'sequence' || value.type === 'vector' ? [value] : [],
  );
  const [first] = values;
  if (first === undefined) throw new Error(`${node.name}: nothing is wired`);
  return values.length === 1 ? first : renamed(first, join(values.map(({ name }) => name)));
}
