import { torchCell } from '../cells/registry.ts';
import { nodeOf } from '../document/node-of.ts';
import type { UnrollDocument } from '../document/schema.ts';
import { type InferredShapes, portKey } from '../graph/infer-shapes.ts';
import { ifKnown } from '../layers/ports.ts';
import { findLayer } from '../layers/registry.ts';
import { constructorCall } from '../layers/torch-call.ts';
import { torchLayer } from '../layers/torch-modules.ts';
import type { DataFacts } from '../shapes/data-facts.ts';

/**
 * The PyTorch modules that a node becomes, as the export writes them, for a look in the inspector. A cell becomes its wrapper's module. `null` while the
 * node is not wired or a width is unknown, and for nodes that need no module.
 */
export function modulePreview(document: UnrollDocument, inferred: InferredShapes, facts: DataFacts, id: string): string | null {
  const node = nodeOf(document, id);
  const layer = node && findLayer(node.kind);
  if (!node || !layer) return null;
  if (layer.family === 'cell') {
    const wrapper = document.edges.find((e) => e.from.node === id)?.to.node;
    return wrapper === undefined ? null : modulePreview(document, inferred, facts, wrapper);
  }
  const config = inferred.configs.get(id);
  const inputTypes = inferred.inputs.get(id);
  if (!config || !inputTypes) return null;
  const wired = layer.inputs.every((port) => port.optional || (inputTypes[port.name]?.length ?? 0) > 0);
  if (!wired) return null;
  const cell = inputTypes['cell']?.[0];
  const modules = ifKnown(() =>
    torchLayer(node.kind).modules({
      name: node.kind.replaceAll('-', '_'),
      config,
      inputTypes,
      outputTypes: Object.fromEntries(
        layer.outputs.flatMap(({ name }) => {
          const type = inferred.outputs.get(portKey(id, name));
          return type === undefined ? [] : [[name, type]];
        }),
      ),
      parameters: layer.parameters(config, inputTypes, facts),
      cell: cell?.type === 'cell' ? torchCell(cell.cell) : null,
    }),
  );
  if (modules === null || modules.length === 0) return null;
  const named = (attribute: string): string => (modules.length === 1 ? '' : `${attribute} = `);
  return modules.map((module) => broken(`${named(module.attribute)}${constructorCall(module)}`)).join('\n');
}

/** A long call over several lines, as Python formatters do. */
function broken(call: string): string {
  if (call.length <= 34) return call;
  const open = call.indexOf('(');
  const close = call.lastIndexOf(')');
  const inner = call.slice(open + 1, close).split(', ');
  return `${call.slice(0, open + 1)}\n${inner.map((argument) => `    ${argument},`).join('\n')}\n${call.slice(close)}`;
}
