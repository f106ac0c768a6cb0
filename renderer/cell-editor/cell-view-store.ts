import { create } from 'zustand';

interface CellView {
  /** Ids of the graph's nodes and wires that are selected. */
  readonly chosen: ReadonlySet<string>;
  /** The line, from 1, that is shown in the text, the graph and the equations alike. */
  readonly line: number | null;
}

/** What is looked at inside the cell that is open. */
export const useCellView = create<CellView>(() => ({ chosen: new Set(), line: null }));

export function choose(ids: Iterable<string>, line: number | null): void {
  const chosen = new Set(ids);
  const before = useCellView.getState();
  const same = chosen.size === before.chosen.size && [...chosen].every((id) => before.chosen.has(id));
  if (same && line === before.line) return;
  useCellView.setState({ chosen: same ? before.chosen : chosen, line });
}
