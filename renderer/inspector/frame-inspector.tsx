import { Trash2 } from 'lucide-react';
import { type CanvasFrame, frameColours } from '../../engine/document/schema.ts';
import { setFrame } from '../../engine/graph/frames.ts';
import { deleteSelection } from '../canvas/canvas-actions.ts';
import { frameColour } from '../canvas/colours.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { TextField } from '../ui/text-field.tsx';
import './frame-inspector.css';

/** Title and colour of a frame. */
export function FrameInspector({ frame }: { readonly frame: CanvasFrame }) {
  const edit = useDocumentStore((s) => s.edit);
  return (
    <>
      <div className="inspector__head">
        <span className="inspector__bar" style={{ background: frameColour[frame.colour] }} />
        <h2>Frame</h2>
      </div>
      <p className="inspector__summary">
        Dragging its title, or the arrow keys, move it with all that lies in it. Deleting it leaves that.
      </p>
      <Field label="Title">
        {(control) => (
          <TextField
            {...control}
            value={frame.title}
            maxLength={200}
            onChange={(event) => edit((d) => setFrame(d, frame.id, { title: event.target.value }), `frame:${frame.id}`)}
          />
        )}
      </Field>
      <fieldset className="frame-colours">
        <legend className="field__label">Colour</legend>
        {frameColours.map((colour) => (
          <label key={colour} className="frame-colours__colour" style={{ '--frame': frameColour[colour] }} title={colour}>
            <input
              type="radio"
              name={`colour-${frame.id}`}
              aria-label={colour}
              checked={frame.colour === colour}
              onChange={() => edit((d) => setFrame(d, frame.id, { colour }))}
            />
          </label>
        ))}
      </fieldset>
      <Button variant="danger" onClick={deleteSelection}>
        <Trash2 size={14} aria-hidden /> Delete the frame
      </Button>
    </>
  );
}
