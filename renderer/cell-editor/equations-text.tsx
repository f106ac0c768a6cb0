import { useEffect, useLayoutEffect, useRef } from 'react';
import { useDocumentStore } from '../store/document-store.ts';
import { setEquations } from './cell-actions.ts';
import { choose, useCellView } from './cell-view-store.ts';
import { namesHere } from './names-here.ts';
import { leaveCell } from './open-cell.ts';
import { type CellReading, nodeOnLine } from './read-cell.ts';
import { TextEditor } from './text-editor.ts';
import './equations-text.css';

interface EquationsTextProps {
  readonly id: string;
  readonly reading: CellReading;
  readonly own: boolean;
  readonly inputWidth: number | null;
  /** The editor, for what leads to a place in it. */
  readonly editor: { current: TextEditor | null };
}

/** The cell as text. */
export function EquationsText({ id, reading, own, inputWidth, editor }: EquationsTextProps) {
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef({ reading, inputWidth });
  useLayoutEffect(() => {
    latest.current = { reading, inputWidth };
  });
  useEffect(() => {
    if (!host.current) return undefined;
    const history = useDocumentStore.getState;
    const made = new TextEditor(
      host.current,
      {
        reading: () => latest.current.reading,
        names: () => namesHere(latest.current.reading, latest.current.inputWidth),
        change: (text, step) => setEquations(id, text, step),
        undo: () => history().undo(),
        redo: () => history().redo(),
        leave: leaveCell,
        at: (line) => {
          const node = nodeOnLine(latest.current.reading, line);
          choose(node === null ? [] : [node], line);
        },
      },
      true,
    );
    editor.current = made;
    return () => {
      editor.current = null;
      made.destroy();
    };
  }, [id, editor]);
  useEffect(() => editor.current?.readOnly(!own), [own, editor]);
  // At once: later, a letter that was typed meanwhile would be taken back.
  useLayoutEffect(() => editor.current?.show(reading.text), [reading, editor]);
  const line = useCellView((s) => s.line);
  useEffect(() => editor.current?.showLine(line), [line, editor]);
  return <div className="equations-text" data-own={own} ref={host} />;
}
