import { type NodeProps, NodeResizer } from '@xyflow/react';
import { memo } from 'react';
import { setFrame } from '../../engine/graph/frames.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { roomNow } from '../unfold/unfold-store.ts';
import { frameColour } from './colours.ts';
import { legibleZoom, useDetail } from './detail-store.ts';
import type { FrameNode } from './flow-items.ts';
import './frame-box.css';
import { NameField, startRenaming, useIsRenaming } from './name-field.tsx';

/** A frame behind the nodes: its title moves it with all that lies in it, double-click or F2 renames it. */
export const FrameBox = memo(function FrameBox({ id, data, selected }: NodeProps<FrameNode>) {
  const { frame } = data;
  const renaming = useIsRenaming(id);
  const near = useDetail((s) => s.zoom >= legibleZoom);
  const edit = useDocumentStore((s) => s.edit);
  const begin = useDocumentStore((s) => s.beginGesture);
  const end = useDocumentStore((s) => s.endGesture);
  return (
    <div className="frame" data-selected={selected} style={{ '--frame': frameColour[frame.colour] }}>
      <NodeResizer
        isVisible={selected}
        minWidth={66}
        minHeight={66}
        onResizeStart={begin}
        onResize={(_event, shown) => {
          const { x, y, width, height } = roomNow().boxBack(shown);
          edit((d) => setFrame(d, id, { position: { x, y }, size: { width, height } }));
        }}
        onResizeEnd={end}
      />
      <div className="frame__title" data-near={near}>
        {renaming ? (
          <NameField
            name={frame.title}
            label="Title of the frame"
            className="frame__name"
            placeholder="Frame"
            rename={(title) => edit((d) => setFrame(d, id, { title }))}
          />
        ) : (
          // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard has F2
          <span className="frame__name" onDoubleClick={() => startRenaming(id)}>
            {frame.title || 'Frame'}
          </span>
        )}
      </div>
    </div>
  );
});
