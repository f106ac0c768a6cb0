import { Plus } from 'lucide-react';
import { addGate, addOperation, addState } from '../../engine/cells/graph/add.ts';
import type { CellGraph } from '../../engine/cells/graph/cell-graph.ts';
import { functions, operations } from '../../engine/cells/graph/change.ts';
import type { Edited } from '../../engine/cells/graph/edit.ts';
import { Button } from '../ui/button.tsx';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import { editGraph } from './cell-actions.ts';
import { useCellView } from './cell-view-store.ts';
import { operationWords } from './operation-words.ts';
import type { CellReading } from './read-cell.ts';
import { showPart } from './show-part.ts';

interface AddMenuProps {
  readonly id: string;
  readonly reading: CellReading;
}

/** Adds a gate, a state, or an operation on what is chosen; into a wire where one is. */
export function AddMenu({ id, reading }: AddMenuProps) {
  const chosen = useCellView((s) => s.chosen);
  const wire = reading.graph.wires.some((one) => chosen.has(one.id));
  const add = (change: (graph: CellGraph) => Edited) => (): void => {
    const node = editGraph(id, reading.text, change);
    if (typeof node === 'string') showPart(node, null);
  };
  const operation = (name: string): MenuEntry => ({
    id: name,
    label: operationWords(name),
    run: add((graph) => addOperation(graph, name, [...chosen])),
  });
  return (
    <Menu
      trigger={
        <Button size="small">
          <Plus size={14} aria-hidden /> {wire ? 'Add into the wire' : 'Add'}
        </Button>
      }
      groups={[
        ...(wire
          ? []
          : [
              [
                { id: 'gate', label: 'Gate', run: add(addGate) },
                { id: 'state', label: 'State', run: add(addState) },
              ],
            ]),
        operations.map(operation),
        functions.map(operation),
      ]}
    />
  );
}
