import { useEffect, useMemo, useRef, useState } from 'react';

import type { GraphNode } from '../../engine/document/schema.ts';
import { NodeFields, NodeName } from '../inspector/node-settings.tsx';
import { useDocumentStore } from '../store/document-store.ts';
import { cellOf } from './cell-actions.ts';
import { CellGraphView } from './cell-graph.tsx';
import { CellHead } from './cell-head.tsx';
import { choose, useCellView } from './cell-view-store.ts';
import { EquationsText } from './equations-text.tsx';
import { inputWidthOf } from './input-width.ts';
import { leaveCell } from './open-cell.ts';
import { ParameterTable } from './parameter-table.tsx';
import { ProblemList } from './problem-list.tsx';
import { readCell } from './read-cell.ts';
import type { TextEditor } from './text-editor.ts';
import { TypesetLines } from './typeset-lines.tsx';
import './cell-editor.css';

/** The inside of a cell: its graph and its equations side by side; either changes the other. */
export function CellEditor({ node }: { readonly node: GraphNode }) {
  const document = useDocumentStore((s) => s.document);
  const inferred = useDocumentStore((s) => s.inferred);
  const cell = cellOf(node);
  const [equations, hidden] = [cell?.equations ?? '', cell?.hidden ?? 1];
  const reading = useMemo(() => readCell(equations, hidden), [equations, hidden]);
  // While a line cannot be read, as it is typed, the graph stays that of the text before.
  const unread = reading.graph.lines.findIndex(({ content }) => content.kind === 'unread') + 1;
  const [drawn, setDrawn] = useState(reading);
  if (drawn !== reading && (unread === 0 || cell === null)) setDrawn(reading);
  const waits = unread > 0 && drawn !== reading ? `Line ${unread} cannot be read: the graph is that before it.` : null;
  const inputWidth = inputWidthOf(document, inferred, node.id);
  const editor = useRef<TextEditor | null>(null);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = root.current;
    choose([], null);
    element?.focus();
    const press = (event: KeyboardEvent): void => keys(event, editor.current);
    element?.addEventListener('keydown', press);
    return () => element?.removeEventListener('keydown', press);
  }, []);
  if (cell === null) return <p className="cell-editor__wrong">The settings of this cell are wrong: see the inspector.</p>;
  return (
    <div className="cell-editor" ref={root} tabIndex={-1}>
      <CellHead node={node} cell={cell} reading={reading} inputWidth={inputWidth} />
      <div className="cell-editor__parts">
        <section className="cell-editor__graph" aria-label="Graph">
          <CellGraphView
            id={node.id}
            reading={waits === null ? reading : drawn}
            waits={waits}
            own={cell.own && waits === null}
            inputWidth={inputWidth}
          />
        </section>
        <aside className="cell-editor__side" aria-label="Equations">
          <div className="cell-editor__title">
            <h2>Equations</h2>
            <span>{cell.own ? 'Text and graph are the same cell; edit either.' : 'Of a built-in cell, with its settings.'}</span>
          </div>
          <EquationsText id={node.id} reading={reading} own={cell.own} inputWidth={inputWidth} editor={editor} />
          {cell.own && <ProblemList id={node.id} reading={reading} goTo={(line, column) => editor.current?.goTo(line, column)} />}
          <TypesetLines reading={reading} />
          <ParameterTable reading={reading} inputWidth={inputWidth} />
          <section className="cell-editor__settings" aria-label="Settings of the cell">
            <NodeName node={node} stacked />
            <NodeFields node={node} />
          </section>
        </aside>
      </div>
    </div>
  );
}

/** F8 goes to the next problem; Escape gives up what is chosen, then leaves the cell. */
function keys(event: KeyboardEvent, editor: TextEditor | null): void {
  if (event.key === 'F8') {
    // Not the messages' key here.
    event.preventDefault();
    event.stopPropagation();
    editor?.nextProblem();
  }
  if (event.key !== 'Escape' || event.defaultPrevented || event.target instanceof HTMLInputElement) return;
  event.preventDefault();
  // The graph would give up the focus.
  event.stopPropagation();
  const { chosen, line } = useCellView.getState();
  if (chosen.size > 0 || line !== null) {
    choose([], null);
    if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
  } else leaveCell();
}
