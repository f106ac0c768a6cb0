import { Trash2 } from 'lucide-react';
import type { CellNode } from '../../engine/cells/graph/cell-graph.ts';
import { actionOf, functions, operations, setAction } from '../../engine/cells/graph/change.ts';
import { calledOf, nodeOf, rename, rootOf } from '../../engine/cells/graph/edit.ts';
import { Button } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { Select } from '../ui/select.tsx';
import { editGraph } from './cell-actions.ts';
import { shapeOf } from './cell-flow.ts';
import { useCellView } from './cell-view-store.ts';
import { operationWords } from './operation-words.ts';
import type { CellReading } from './read-cell.ts';
import { showPart } from './show-part.ts';

interface PartBarProps {
  readonly id: string;
  readonly reading: CellReading;
  readonly own: boolean;
  readonly inputWidth: number | null;
  connect(from: string, to: string, slot: number | null): void;
  remove(): void;
}

/** Under the graph: what is chosen in it, and what can be done with that. */
export function PartBar({ id, reading, own, inputWidth, connect, remove }: PartBarProps) {
  const chosen = useCellView((s) => s.chosen);
  const [first] = chosen;
  const { graph } = reading;
  const node = chosen.size === 1 && first !== undefined ? nodeOf(graph, first) : undefined;
  const wire = chosen.size === 1 ? graph.wires.find((one) => one.id === first) : undefined;
  if (chosen.size === 0 || (chosen.size === 1 && !node && !wire)) {
    return (
      <div className="part-bar part-bar--empty">
        {own
          ? 'Choose a gate, an operation or a wire to change it. Drag from a dot to draw a wire.'
          : 'Choose a gate or an operation to see what it computes.'}
      </div>
    );
  }
  const removal = own && (
    <Button size="small" variant="quiet" onClick={remove} disabled={node?.id === 'in:x'}>
      <Trash2 size={13} aria-hidden /> Remove
    </Button>
  );
  if (node) return <Part key={node.id} {...{ id, reading, own, inputWidth, connect, node, removal }} />;
  const told = wire ? `${nameOf(reading, wire.from)} → ${nameOf(reading, wire.to)}` : `${chosen.size} chosen`;
  return (
    <section className="part-bar" aria-label="What is chosen">
      <span className="part-bar__name">{told}</span>
      <span className="part-bar__space" />
      {removal}
    </section>
  );
}

/** A node's name; a part of a line goes by the line's. */
function nameOf({ graph }: CellReading, id: string): string {
  const node = nodeOf(graph, id);
  return (node && calledOf(node)) ?? `a part of ${rootOf(graph, id)}`;
}

interface PartProps extends Omit<PartBarProps, 'remove'> {
  readonly node: CellNode;
  readonly removal: React.ReactNode;
}

function Part({ id, reading, own, inputWidth, connect, node, removal }: PartProps) {
  const { graph, text } = reading;
  const called = calledOf(node);
  const action = node.kind === 'operation' ? actionOf(node) : null;
  const shape = shapeOf(reading, node, inputWidth);
  const written = called?.replace(/'$/, '') ?? '';
  const fixed = !own || called === 'x' || called === 'out';
  const take = (name: string): void => {
    if (name === written) return;
    const renamed = editGraph(id, text, (g) => rename(g, node.id, name));
    if (typeof renamed === 'string') showPart(renamed, null);
  };
  const none = 'no function';
  const options = action?.kind === 'function' ? [none, ...functions] : operations;
  return (
    <section className="part-bar" aria-label="What is chosen">
      {fixed ? (
        <span className="part-bar__name">{called ?? 'Part of a line'}</span>
      ) : (
        <input
          className="input part-bar__field"
          aria-label="Name"
          placeholder="name it"
          defaultValue={written}
          key={called}
          maxLength={32}
          spellCheck={false}
          onBlur={(event) => take(event.target.value.trim())}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur();
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            event.currentTarget.value = written;
            showPart(node.id, reading);
          }}
        />
      )}
      {action !== null && own && (
        <div className="part-bar__select">
          <Select
            label={action.kind === 'function' ? 'Function' : 'Operation'}
            value={action.name ?? none}
            options={options.map((value) => ({ value, label: operationWords(value) }))}
            onChange={(value) => void editGraph(id, text, (g) => setAction(g, node.id, value === none ? null : value))}
          />
        </div>
      )}
      {shape !== '' && <span className="part-bar__shape">{shape}</span>}
      <span className="part-bar__space" />
      {own && node.kind !== 'output' && (
        <Menu
          side="top"
          align="end"
          trigger={
            <Button size="small" variant="quiet" data-menu="wire">
              Wire to… <kbd>W</kbd>
            </Button>
          }
          groups={[
            graph.nodes
              .filter((other) => other.kind !== 'input' && other.id !== node.id && calledOf(other) !== null)
              .map((other) => ({
                id: other.id,
                label:
                  other.kind === 'output'
                    ? `${other.label}, what the step gives`
                    : (other.kind === 'operation' && other.label) || '',
                run: () => connect(node.id, other.id, null),
              })),
          ]}
        />
      )}
      {removal}
    </section>
  );
}
