import { Trash2 } from 'lucide-react';
import { memo, useDeferredValue, useState } from 'react';
import { nodeOf } from '../../engine/document/node-of.ts';
import { definitionOf, isBorder } from '../../engine/document/placed-blocks.ts';
import { AlignButtons } from '../canvas/align-buttons.tsx';
import { arrange } from '../canvas/arrange.ts';
import { deleteSelection, duplicateSelection, writeComment } from '../canvas/canvas-actions.ts';
import { usePress } from '../canvas/press.ts';
import { zoomToFit } from '../canvas/viewport-store.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { useUnmovedDocument } from '../store/unmoved-document.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { TextArea } from '../ui/text-field.tsx';
import { BlockInspector } from './block-inspector.tsx';
import { FrameInspector } from './frame-inspector.tsx';
import { PortInspector } from './port-inspector.tsx';
import './inspector.css';
import { NodeInspector } from './node-inspector.tsx';
import { TrainingInspector } from './training-inspector.tsx';
import { WireInspector } from './wire-inspector.tsx';

/** Settings of what is selected; of the training when nothing is. */
export function Inspector() {
  const selection = useRestingSelection();
  return (
    <aside className="side side--right inspector" aria-label="Inspector">
      <Selected selection={selection} />
    </aside>
  );
}

/**
 * What is selected; while something is held or dragged, what was selected before: equations take longer to set than a frame. The canvas, which
 * shows at once what is selected, does not wait for them.
 */
function useRestingSelection(): ReadonlySet<string> {
  const selection = useDocumentStore((s) => s.selection);
  const held = usePress((s) => s.held);
  const dragging = useDocumentStore((s) => s.gesture !== null) || held;
  const [resting, setResting] = useState(selection);
  if (!dragging && resting !== selection) setResting(selection);
  return useDeferredValue(dragging ? resting : selection);
}

/** Apart from what is held: in the frames in which a node is pressed and lifted, a hundred controls would be rendered for nothing. */
const Selected = memo(function Selected({ selection }: { readonly selection: ReadonlySet<string> }) {
  const document = useUnmovedDocument();
  if (selection.size === 0) return <TrainingInspector />;
  if (selection.size > 1) {
    const nodes = document.nodes.filter((n) => selection.has(n.id));
    return (
      <>
        <div className="inspector__head">
          <h2>{selection.size} selected</h2>
        </div>
        <p className="inspector__summary">
          {nodes.length} {nodes.length === 1 ? 'node' : 'nodes'}. Drag moves them together; arrow keys too.
        </p>
        <AlignButtons />
        <div className="inspector__actions">
          <Button onClick={() => duplicateSelection()}>Duplicate</Button>
          <Button onClick={() => zoomToFit([...selection])}>Show</Button>
          <Button onClick={arrange}>Arrange all</Button>
          <Button variant="danger" onClick={deleteSelection}>
            <Trash2 size={14} aria-hidden /> Delete
          </Button>
        </div>
      </>
    );
  }
  const [id] = selection;
  const node = nodeOf(document, id);
  if (node && isBorder(node)) return <PortInspector key={node.id} node={node} />;
  const definition = node && definitionOf(document, node);
  if (node && definition) return <BlockInspector key={node.id} node={node} definition={definition} />;
  if (node) return <NodeInspector key={node.id} node={node} />;
  const comment = document.comments.find((c) => c.id === id);
  if (comment) {
    return (
      <>
        <div className="inspector__head">
          <h2>Comment</h2>
        </div>
        <Field label="Text" stacked>
          {(control) => (
            <TextArea
              {...control}
              rows={8}
              value={comment.text}
              maxLength={20_000}
              onChange={(event) => writeComment(comment.id, event.target.value)}
            />
          )}
        </Field>
      </>
    );
  }
  const frame = document.frames.find((f) => f.id === id);
  if (frame) return <FrameInspector frame={frame} />;
  const wire = document.edges.find((e) => e.id === id);
  return wire ? <WireInspector wire={wire} /> : <TrainingInspector />;
});
