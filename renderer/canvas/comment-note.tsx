import { type NodeProps, NodeResizer } from '@xyflow/react';
import { memo, useEffect, useRef, useState } from 'react';
import { setComment } from '../../engine/document/edit.ts';
import { useDocumentStore } from '../store/document-store.ts';
import type { CommentNode } from './flow-items.ts';

/** A note on the canvas: double-click or Enter edits it, Escape ends. */
export const CommentNote = memo(function CommentNote({ id, data, selected }: NodeProps<CommentNode>) {
  const edit = useDocumentStore((s) => s.edit);
  const begin = useDocumentStore((s) => s.beginGesture);
  const end = useDocumentStore((s) => s.endGesture);
  const { text } = data.comment;
  const [editing, setEditing] = useState(text === '');
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (editing) area.current?.focus();
  }, [editing]);
  return (
    <div className="note" data-selected={selected} data-comment={id}>
      <NodeResizer
        isVisible={selected}
        minWidth={80}
        minHeight={40}
        onResizeStart={begin}
        onResize={(_event, { x, y, width, height }) =>
          edit((d) => setComment(d, id, { position: { x, y }, size: { width, height } }))
        }
        onResizeEnd={end}
      />
      {editing ? (
        <textarea
          ref={area}
          className="note__text nodrag nowheel"
          aria-label="Comment text"
          value={text}
          placeholder="Write a note…"
          maxLength={20_000}
          onChange={(event) => edit((d) => setComment(d, id, { text: event.target.value }), `comment:${id}`)}
          onBlur={() => setEditing(false)}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key !== 'Escape') return;
            setEditing(false);
            area.current?.closest<HTMLElement>('.react-flow__node')?.focus();
          }}
        />
      ) : (
        <button
          type="button"
          className="note__text"
          tabIndex={-1}
          aria-label={`Edit comment: ${text || 'empty'}`}
          onDoubleClick={() => setEditing(true)}
          onKeyDown={(e) => e.key === 'Enter' && setEditing(true)}
        >
          {text || 'Empty note'}
        </button>
      )}
    </div>
  );
});
