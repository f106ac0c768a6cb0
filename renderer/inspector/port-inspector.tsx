import { ArrowDown, ArrowUp } from 'lucide-react';
import { blockInputKind, borderPort } from '../../engine/document/placed-blocks.ts';
import type { GraphNode } from '../../engine/document/schema.ts';
import { moveBlockPort, portsBeside } from '../../engine/graph/blocks/edit-blocks.ts';
import { setLabel } from '../../engine/graph/edit.ts';
import { portWords } from '../canvas/port-words.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { titleOf } from '../store/node-cards.ts';
import { announce } from '../store/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { TextField } from '../ui/text-field.tsx';

/** A port of the block that is looked at from inside. */
export function PortInspector({ node }: { readonly node: GraphNode }) {
  const document = useDocumentStore((s) => s.document);
  const inferred = useDocumentStore((s) => s.inferred);
  const edit = useDocumentStore((s) => s.edit);
  const input = node.kind === blockInputKind;
  const beside = portsBeside(document, node);
  const place = beside.indexOf(node);
  const move = (by: -1 | 1): void => {
    edit((d) => moveBlockPort(d, node.id, by));
    announce(`${titleOf(document, node)} is number ${place + 1 + by} of ${beside.length}.`);
  };
  const words = portWords(document, inferred, { node: node.id, port: borderPort }, input ? 'output' : 'input');
  return (
    <>
      <div className="inspector__head">
        <h2>{input ? 'Input of this block' : 'Output of this block'}</h2>
      </div>
      <p className="inspector__summary">
        {input ? 'What arrives at this port outside comes in here.' : 'What is wired here leaves the block by this port.'}{' '}
        Deleting it takes the port, and its wires outside, away.
      </p>
      <Field label="Name">
        {(control) => (
          <TextField
            {...control}
            value={node.label ?? ''}
            placeholder={titleOf(document, { ...node, label: undefined })}
            maxLength={200}
            onChange={(event) => edit((d) => setLabel(d, node.id, event.target.value), `label:${node.id}`)}
          />
        )}
      </Field>
      {beside.length > 1 && (
        <section aria-label="Order">
          <p className="inspector__summary">
            Number {place + 1} of {beside.length} on the block’s card, from above.
          </p>
          <div className="inspector__actions">
            <Button size="small" disabled={place === 0} onClick={() => move(-1)}>
              <ArrowUp size={13} aria-hidden /> Move up
            </Button>
            <Button size="small" disabled={place === beside.length - 1} onClick={() => move(1)}>
              <ArrowDown size={13} aria-hidden /> Move down
            </Button>
          </div>
        </section>
      )}
      {words && (
        <p className="inspector__summary">
          {words.values.length > 0 ? `${words.values.join(', ')}. ` : ''}
          {words.wires}.
        </p>
      )}
    </>
  );
}
