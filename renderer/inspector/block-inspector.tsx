import { CircleAlert, TriangleAlert } from 'lucide-react';
import { placementOf } from '../../engine/document/placed-blocks.ts';
import type { BlockDefinition, GraphNode } from '../../engine/document/schema.ts';
import { renameBlock } from '../../engine/graph/blocks/edit-blocks.ts';
import { portsOf } from '../../engine/graph/blocks/ports.ts';
import { setRepeat } from '../../engine/graph/blocks/repeat.ts';
import { detachSelected, expandBlock, openBlock, repeatBlock } from '../canvas/block-actions.ts';
import { counted, layersIn, usesOf } from '../canvas/block-words.ts';
import { nodeColour } from '../canvas/colours.ts';
import { FixButton } from '../canvas/fix-button.tsx';
import { keepBlock } from '../canvas/kept-blocks.ts';
import { portWords } from '../canvas/port-words.ts';
import { focusProblem, placeOfProblem } from '../canvas/problem-place.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { NumberField } from '../ui/number-field.tsx';
import { TextField } from '../ui/text-field.tsx';

interface BlockInspectorProps {
  readonly node: GraphNode;
  readonly definition: BlockDefinition;
}

/** A placed block: what it shares with the other places of its definition, and what is its own. */
export function BlockInspector({ node, definition }: BlockInspectorProps) {
  const document = useDocumentStore((s) => s.document);
  const whole = useDocumentStore((s) => s.whole);
  const facts = useDocumentStore((s) => s.facts);
  const inferred = useDocumentStore((s) => s.inferred);
  const edit = useDocumentStore((s) => s.edit);
  const all = useDocumentStore((s) => s.problems);
  const count = useDocumentStore((s) => s.parameters.get(node.id) ?? null);
  const problems = all.filter((problem) => problem.node === node.id);
  const uses = usesOf(whole, definition.id);
  const repeat = placementOf(node)?.repeat ?? 1;
  const twice = setRepeat(document, facts, node.id, Math.max(2, repeat));
  const ports = portsOf(document, node);
  return (
    <>
      <div className="inspector__head">
        <span className="inspector__bar" style={{ background: nodeColour(node) }} />
        <h2>Block</h2>
        <Button size="small" variant="quiet" onClick={() => openBlock(node.id)}>
          Open <kbd>↵</kbd>
        </Button>
      </div>
      <p className="inspector__summary">
        {counted(layersIn(document.blocks, definition.nodes), 'layer')}
        {count !== null && `, ${counted(count, 'parameter')}`}.{' '}
        {uses === 1
          ? 'Placed once.'
          : `Placed ${uses} times: an edit inside, and its name, change all of them. Repeat and weights are each place’s own.`}
      </p>
      {problems.map((problem) => (
        <div
          key={`${problem.inside?.path.join('/')}/${problem.inside?.node}/${problem.message}`}
          className="inspector__problem"
          data-severity={problem.severity}
        >
          {problem.severity === 'error' ? <CircleAlert size={15} aria-hidden /> : <TriangleAlert size={15} aria-hidden />}
          <div>
            {problem.inside && (
              <button type="button" className="block-inspector__inside" onClick={() => focusProblem(problem)}>
                {placeOfProblem(problem)}
              </button>
            )}{' '}
            <strong>{problem.message}.</strong> {problem.fix}
          </div>
          {problem.remedy && <FixButton remedy={problem.remedy} />}
        </div>
      ))}
      <section aria-label="Settings">
        <Field label="Name" help={uses > 1 ? `In all ${uses} places.` : undefined}>
          {(control) => (
            <TextField
              {...control}
              defaultValue={definition.name}
              key={definition.name}
              maxLength={100}
              onBlur={(event) => {
                const name = event.target.value.trim();
                if (name !== definition.name) edit((d) => renameBlock(d, definition.id, name));
                event.target.value = definition.name;
              }}
              onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
            />
          )}
        </Field>
        <NumberField
          label="Repeat"
          help={
            twice.ok || repeat > 1
              ? 'So many copies follow each other, each with weights of its own.'
              : `Not here: ${twice.message}. ${twice.fix}`
          }
          value={repeat}
          integer
          min={1}
          max={1000}
          disabled={!twice.ok && repeat === 1}
          onChange={(value) => value !== null && repeatBlock(node.id, value)}
        />
      </section>
      {ports && (
        <section aria-label="Shapes">
          <h3 className="section-title inspector__title">Shapes</h3>
          <dl className="inspector__shapes">
            {(['input', 'output'] as const).flatMap((direction) =>
              ports[`${direction}s`].map(({ name, label }) => (
                <div key={`${direction}-${name}`}>
                  <dt>
                    {label} {direction === 'input' ? 'in' : 'out'}
                  </dt>
                  <dd>
                    {portWords(document, inferred, { node: node.id, port: name }, direction)?.values.join(', ') || (
                      <span className="inspector__none">{direction === 'input' ? 'not wired' : 'unknown'}</span>
                    )}
                  </dd>
                </div>
              )),
            )}
          </dl>
        </section>
      )}
      <div className="inspector__actions">
        <Button onClick={() => openBlock(node.id)}>{uses > 1 ? `Edit all ${uses} places` : 'Edit inside'}</Button>
        {uses > 1 && <Button onClick={detachSelected}>Detach a copy</Button>}
        <Button onClick={expandBlock}>Expand</Button>
        <Button onClick={() => void keepBlock(definition.id)}>Keep for other documents</Button>
      </div>
    </>
  );
}
