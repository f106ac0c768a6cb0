import { CircleAlert, TriangleAlert } from 'lucide-react';
import { Suspense, useMemo } from 'react';
import { modulePreview } from '../../engine/compile/module-preview.ts';
import type { GraphNode } from '../../engine/document/schema.ts';
import { portKey } from '../../engine/graph/infer-shapes.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import { formatShape } from '../../engine/shapes/value-type.ts';
import { keyLabel } from '../app/keys.ts';
import { familyColour, typeColour } from '../canvas/colours.ts';
import { FixButton } from '../canvas/fix-button.tsx';
import { openWirePicker } from '../canvas/wire-picker-store.ts';
import { isCellNode } from '../cell-editor/is-cell-node.ts';
import { openCell } from '../cell-editor/open-cell.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { useUnmovedDocument } from '../store/unmoved-document.ts';
import { Button } from '../ui/button.tsx';
import { Equation } from '../ui/equation.tsx';
import { Markdown } from '../ui/markdown.tsx';
import { layerDocs } from './layer-docs.ts';
import { CellKindField, NodeFields, NodeName, useNodeFields } from './node-settings.tsx';

/** Everything about one node: problems, settings, shapes, equations, its PyTorch module. */
export function NodeInspector({ node }: { readonly node: GraphNode }) {
  const layer = findLayer(node.kind);
  const document = useUnmovedDocument();
  const inferred = useDocumentStore((s) => s.inferred);
  const facts = useDocumentStore((s) => s.facts);
  const all = useDocumentStore((s) => s.problems);
  const count = useDocumentStore((s) => s.parameters.get(node.id) ?? null);
  const settings = useNodeFields(node).length;
  const problems = all.filter((problem) => problem.node === node.id);
  const snippet = useMemo(() => modulePreview(document, inferred, facts, node.id), [document, inferred, facts, node.id]);
  const config = inferred.configs.get(node.id);
  const tex = (config && layer?.latex?.(config)) ?? null;
  const docs = layerDocs(node.kind);
  const inputs = inferred.inputs.get(node.id);
  return (
    <>
      <div className="inspector__head">
        <span className="inspector__bar" style={{ background: familyColour(layer?.family) }} />
        <h2>{layer?.title ?? node.kind}</h2>
        <div className="inspector__tools">
          {isCellNode(node) && (
            <Button size="small" variant="quiet" onClick={() => openCell(node.id)}>
              Open <kbd>{keyLabel('enter')}</kbd>
            </Button>
          )}
          <Button size="small" variant="quiet" onClick={() => openWirePicker({ node: node.id, port: null })}>
            Wire… <kbd>W</kbd>
          </Button>
        </div>
      </div>
      {layer && <p className="inspector__summary">{layer.summary}</p>}
      {problems.map((problem) => (
        <div key={problem.message} className="inspector__problem" data-severity={problem.severity}>
          {problem.severity === 'error' ? <CircleAlert size={15} aria-hidden /> : <TriangleAlert size={15} aria-hidden />}
          <div>
            <strong>{problem.message}.</strong> {problem.fix}
          </div>
          {problem.remedy && <FixButton remedy={problem.remedy} />}
        </div>
      ))}
      <section aria-label="Settings">
        {isCellNode(node) && <CellKindField node={node} />}
        <NodeFields node={node} />
        <NodeName
          node={node}
          help={settings === 0 ? 'This layer has no other settings.' : 'Shown on the card in place of the title.'}
        />
      </section>
      {layer && (
        <section aria-label="Shapes">
          <h3 className="section-title inspector__title">Shapes</h3>
          <dl className="inspector__shapes">
            {layer.inputs.map((port) => (
              <div key={`in-${port.name}`}>
                <dt>{port.label} in</dt>
                <dd>
                  {[...new Map((inputs?.[port.name] ?? []).map((value) => [formatShape(value), value])).values()].map((value) => (
                    <span key={formatShape(value)} className="inspector__shape">
                      <i style={{ background: typeColour[value.type] }} />
                      {formatShape(value)}
                    </span>
                  ))}
                  {(inputs?.[port.name]?.length ?? 0) === 0 && <span className="inspector__none">not wired</span>}
                </dd>
              </div>
            ))}
            {layer.outputs.map((port) => {
              const value = inferred.outputs.get(portKey(node.id, port.name));
              return (
                <div key={`out-${port.name}`}>
                  <dt>{port.label} out</dt>
                  <dd>
                    {value ? (
                      <span className="inspector__shape">
                        <i style={{ background: typeColour[value.type] }} />
                        {formatShape(value)}
                      </span>
                    ) : (
                      <span className="inspector__none">unknown</span>
                    )}
                  </dd>
                </div>
              );
            })}
            {count !== null && count > 0 && (
              <div>
                <dt>parameters</dt>
                <dd className="inspector__shape">{count.toLocaleString('en')}</dd>
              </div>
            )}
          </dl>
        </section>
      )}
      {docs !== null && (
        <section aria-label="Equations">
          <h3 className="section-title inspector__title">Equations</h3>
          {tex !== null && (
            <Suspense fallback={null}>
              <Equation tex={tex} display patient />
            </Suspense>
          )}
          <Markdown text={docs} />
        </section>
      )}
      {snippet !== null && (
        <section aria-label="In PyTorch">
          <h3 className="section-title inspector__title">In PyTorch</h3>
          <pre className="inspector__code">
            <code>{snippet}</code>
          </pre>
        </section>
      )}
    </>
  );
}
