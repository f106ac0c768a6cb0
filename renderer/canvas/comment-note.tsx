import { type NodeProps, NodeResizer } from '@xyflow/react';
import { memo, useEffect, useRef, useState } from 'react';
import { setComment } from '../../engine/graph/edit.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { Markdown } from '../ui/markdown.tsx';
import { writeComment } from './canvas-actions.ts';
import type { CommentNode } from './flow-items.ts';
import { inDocument } from './seen-graph.ts';

/** A note on the canvas: double-click or Enter edits it, Escape ends. */
export const CommentNote = memo(function CommentNote({ id, data, selected }: NodeProps<CommentNode>) {
  const edit = useDocumentStore((s) => s.edit);
  const begin = useDocumentStore((s) => s.beginGesture);
  const end = useDocumentStore((s) => s.endGesture);
  const { text } = data.comment;
  const [editing, setEditing] = useState(text === '');
  const note = useRef<HTMLDivElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (editing) area.current?.focus();
  }, [editing]);
  useEffect(() => {
    const item = itemOf(note.current);
    const begun = (event: Event): void => {
      // What they do in the text, and on a link in it, is another thing.
      if (event.target instanceof Element && event.target.closest('a, textarea')) return;
      if (event instanceof KeyboardEvent && (event.key !== 'Enter' || event.target !== item)) return;
      event.preventDefault();
      setEditing(true);
    };
    item?.addEventListener('dblclick', begun);
    item?.addEventListener('keydown', begun);
    return () => {
      item?.removeEventListener('dblclick', begun);
      item?.removeEventListener('keydown', begun);
    };
  }, []);
  return (
    <div ref={note} className="note" data-selected={selected} data-comment={id}>
      <NodeResizer
        isVisible={selected}
        minWidth={80}
        minHeight={40}
        onResizeStart={begin}
        onResize={(_event, { x, y, width, height }) =>
          edit((d) => setComment(d, id, { position: inDocument({ x, y }), size: { width, height } }))
        }
        onResizeEnd={end}
      />
      {editing ? (
        <textarea
          ref={area}
          className="note__text nodrag nowheel"
          aria-label="Comment text"
          value={text}
          placeholder="Write a note, in Markdown if you like…"
          maxLength={20_000}
          onChange={({ target }) => writeComment(id, target.value, target.scrollHeight - target.clientHeight)}
          onBlur={() => setEditing(false)}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key !== 'Escape') return;
            setEditing(false);
            itemOf(area.current)?.focus();
          }}
        />
      ) : (
        <div className={`note__text ${selected ? 'nowheel' : ''}`}>
          {text === '' ? 'Empty note' : <Markdown text={text} keepLines />}
        </div>
      )}
    </div>
  );
});

/** The canvas' item around it, which has the focus. */
const itemOf = (element: HTMLElement | null): HTMLElement | null => element?.closest<HTMLElement>('.react-flow__node') ?? null;
