import { definitionOf, isBorder, placementOf } from '../document/placed-blocks.ts';
import type { GraphNode, UnrollDocument } from '../document/schema.ts';
import { insideId, liesIn } from '../graph/blocks/inside-id.ts';
import { sortTopologically } from '../graph/sort-topologically.ts';
import { findLayer, layerKinds } from '../layers/registry.ts';

type Graph = Pick<UnrollDocument, 'nodes' | 'edges' | 'blocks'>;

/** Names of modules, and the order in which they run: what lies in one block stands together. */
export interface NamedModules {
  /** Ids of the expanded graph, in an order in which each comes after what it depends on. Cells are in it, too. */
  readonly order: readonly string[];
  /** By that id, and by the id of a placed block: `recurrent_2`, `encoder.0.recurrent`. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Names that are the same in every copy of a block: they come from where a node stands in its own block. On the document's canvas, nodes
 * that the head does not need are not counted.
 */
export function nameModules(document: Graph, needed: ReadonlySet<string>): NamedModules {
  const order: string[] = [];
  const names = new Map<string, string>();
  const level = (canvas: Pick<Graph, 'nodes' | 'edges'>, idOf: (id: string) => string, prefix: string): void => {
    const taken = new Set<string>();
    for (const node of sortTopologically(canvas.nodes, canvas.edges)) {
      const id = idOf(node.id);
      if (isBorder(node)) continue;
      const definition = definitionOf(document, node);
      if (definition === undefined) order.push(id);
      const counts = prefix !== '' || (definition === undefined ? needed.has(id) : [...needed].some((one) => liesIn(one, id)));
      if (!counts || findLayer(node.kind)?.family === 'cell') continue;
      const name = `${prefix}${free(taken, definition === undefined ? node.kind.replaceAll('-', '_') : attributeName(definition.name))}`;
      names.set(id, name);
      if (definition === undefined) continue;
      const { repeat } = placementOf(node) ?? { repeat: 1 };
      for (let copy = 0; copy < repeat; copy++) {
        const placed: GraphNode = { ...node, id };
        level(definition, (inner) => insideId(placed, copy, inner), repeat > 1 ? `${name}.${copy}.` : `${name}.`);
      }
    }
  };
  level(document, (id) => id, '');
  return { order, names };
}

function free(taken: Set<string>, stem: string): string {
  let name = stem;
  for (let n = 2; taken.has(name); n++) name = `${stem}_${n}`;
  taken.add(name);
  return name;
}

const kinds = layerKinds.map((kind) => kind.replaceAll('-', '_'));

/** Words that an attribute of a PyTorch module must not be called: Python's, and what `nn.Module` and the exported model have. */
const reserved: ReadonlySet<string> = new Set(
  `
  and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or
  pass raise return try while with yield match case type print
  add_module alignment apply bfloat16 buffers call_super_init children compile cpu cuda decode double dump_patches encode eval
  extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half hidden init_hidden ipu load_state_dict modules
  mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook register_buffer
  register_forward_hook register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook
  register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module register_parameter
  register_state_dict_post_hook register_state_dict_pre_hook requires_grad requires_grad_ set_extra_state set_submodule share_memory
  state_dict to to_empty train training xpu zero_grad zero_state
  `.split(/\s+/),
);

/** A block's name as a Python attribute that no layer's is: `My encoder!` → `my_encoder`. */
export function attributeName(name: string): string {
  const ascii = name
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  const word = ascii
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 40);
  const plain = /^[a-z]/.test(word) && !reserved.has(word) && !kinds.some((kind) => word === kind || word.startsWith(`${kind}_`));
  return plain ? word : `block_${word}`.replace(/_$/, '');
}
