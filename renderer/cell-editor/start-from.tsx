import { Suspense, useId, useState } from 'react';
import { cellLibrary } from '../../engine/cells/library.ts';
import type { GraphNode } from '../../engine/document/schema.ts';
import { findLayer, layerKinds } from '../../engine/layers/registry.ts';
import { isKeptCell, useKeptBlocks } from '../canvas/kept-blocks.ts';
import { formFields } from '../inspector/form-fields.ts';
import { SchemaField } from '../inspector/schema-field.tsx';
import { announce } from '../store/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Equation } from '../ui/equation.tsx';
import { cellOf, ownKind, startCell } from './cell-actions.ts';
import { choose } from './cell-view-store.ts';
import { readCell } from './read-cell.ts';
import './start-from.css';

/** Something to start a cell from. */
interface Start {
  readonly id: string;
  readonly group: 'Built in' | 'Library' | 'My cells';
  readonly title: string;
  readonly paper: string | null;
  /** Of a built-in cell, whose settings say which equations it has. */
  readonly kind: string | null;
  readonly equations: string;
}

const builtIn: readonly Start[] = layerKinds.flatMap((kind): Start[] => {
  const layer = findLayer(kind);
  if (layer?.family !== 'cell' || kind === ownKind) return [];
  return [{ id: kind, group: 'Built in', title: layer.title, paper: layer.summary, kind, equations: '' }];
});

const library: readonly Start[] = cellLibrary.map(
  ({ title, paper, equations }): Start => ({ id: `library ${title}`, group: 'Library', title, paper, kind: null, equations }),
);

interface StartFromProps {
  readonly node: GraphNode;
  close(): void;
}

/** What a cell's equations can begin as, each with its paper and its equations set in type. */
export function StartFrom({ node, close }: StartFromProps) {
  const kept = useKeptBlocks((s) => s.blocks);
  const mine = kept.filter(isKeptCell).map(
    ({ key, document }): Start => ({
      id: key,
      group: 'My cells',
      title: document.name,
      paper: null,
      kind: null,
      equations: String(document.nodes[0]?.params['equations'] ?? ''),
    }),
  );
  const starts = [...builtIn, ...library, ...mine];
  const [id, setId] = useState(builtIn[0]?.id);
  const [settings, setSettings] = useState<GraphNode['params']>({});
  const name = useId();
  const start = starts.find((one) => one.id === id) ?? starts[0];
  if (start === undefined) return null;
  const hidden = Number(node.params['hidden'] ?? 128);
  const equations = equationsOf(start, { ...settings, hidden });
  const take = (): void => {
    if (equations === null) return;
    startCell(
      node,
      start.title,
      equations,
      starts.map(({ title }) => title),
    );
    choose([], null);
    announce(`The cell starts from ${start.title}.`);
    close();
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={close}
      title="Start from"
      description="The equations of the cell are replaced; its name, its width and its wires stay. It can be undone."
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button variant="primary" onClick={take} disabled={equations === null}>
            Start from this
          </Button>
        </>
      }
    >
      <div className="start-from">
        <div className="start-from__list" role="radiogroup" aria-label="Cells">
          {(['Built in', 'Library', 'My cells'] as const).map((group) => {
            const shown = starts.filter((one) => one.group === group);
            return shown.length === 0 ? null : (
              <div key={group}>
                <h3 className="section-title">{group}</h3>
                {shown.map((one) => (
                  <label key={one.id} className="start-from__item" data-chosen={one.id === start.id}>
                    <input
                      type="radio"
                      name={name}
                      checked={one.id === start.id}
                      onChange={() => {
                        setId(one.id);
                        setSettings({});
                      }}
                    />
                    {one.title}
                  </label>
                ))}
              </div>
            );
          })}
        </div>
        <div className="start-from__shown">
          <h3>{start.title}</h3>
          {start.paper !== null && <p className="start-from__paper">{start.paper}</p>}
          {start.kind !== null && (
            <Settings kind={start.kind} values={settings} change={(change) => setSettings({ ...settings, ...change })} />
          )}
          {equations === null ? (
            <p className="start-from__paper">These settings do not fit a cell {hidden} wide.</p>
          ) : (
            <Preview equations={equations} hidden={hidden} />
          )}
        </div>
      </div>
    </Dialog>
  );
}

/** `null` where a built-in cell's settings do not fit. */
function equationsOf({ kind, title, equations }: Start, params: GraphNode['params']): string | null {
  if (kind === null) return equations;
  const cell = cellOf({ id: '', kind, params, position: { x: 0, y: 0 } });
  return cell && `# ${title}\n${cell.equations}`;
}

interface SettingsProps {
  readonly kind: string;
  readonly values: GraphNode['params'];
  change(values: GraphNode['params']): void;
}

function Settings({ kind, values, change }: SettingsProps) {
  const layer = findLayer(kind);
  // What every cell has is the node's own, and no part of its equations.
  const every = new Set(Object.keys(findLayer(ownKind)?.config.shape ?? {}));
  const fields = layer ? formFields(layer.config).filter((field) => !every.has(field.name)) : [];
  return fields.map((field) => (
    <SchemaField
      key={`${kind}/${field.name}`}
      field={field}
      value={values[field.name]}
      onChange={(value) => change({ [field.name]: value })}
    />
  ));
}

function Preview({ equations, hidden }: { readonly equations: string; readonly hidden: number }) {
  const { latex } = readCell(equations, hidden);
  return (
    <div className="start-from__equations">
      <Suspense fallback={null}>
        {latex.map(({ line, left, right }) => (
          <div key={line}>
            <Equation tex={`${left} = ${right}`} display={false} />
          </div>
        ))}
      </Suspense>
    </div>
  );
}
