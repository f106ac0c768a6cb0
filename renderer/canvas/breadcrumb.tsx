import { ChevronRight, LogIn, LogOut } from 'lucide-react';
import { Fragment } from 'react';
import { nodeOf } from '../../engine/document/node-of.ts';
import { blockInputKind, blockOutputKind, definitionOf } from '../../engine/document/placed-blocks.ts';
import type { GraphNode, UnrollDocument } from '../../engine/document/schema.ts';
import { keyLabel } from '../app/keys.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { graphAt, type Level } from '../store/levels.ts';
import { titleOf } from '../store/node-cards.ts';
import { Button } from '../ui/button.tsx';
import { addPort, leaveBlock } from './block-actions.ts';
import { counted, usesOf } from './block-words.ts';
import './breadcrumb.css';

const nodesAlong = (whole: UnrollDocument, level: Level): readonly (GraphNode | undefined)[] =>
  level.map((id, depth) => nodeOf(graphAt(whole, level.slice(0, depth)), id));

interface WayProps {
  readonly label: string;
  /** What is open on this level, with the way out of it. */
  readonly last?: { readonly title: string; leave(): void };
}

/** The way from the document to what is shown, to go back by. */
export function Way({ label, last }: WayProps) {
  const whole = useDocumentStore((s) => s.whole);
  const level = useDocumentStore((s) => s.level);
  const titles = nodesAlong(whole, level).map((node) => (node ? titleOf(whole, node) : ''));
  const crumbs = [whole.name, ...titles, ...(last ? [last.title] : [])];
  return (
    <nav aria-label={label}>
      <ol>
        {crumbs.map((title, depth) => (
          <Fragment key={[...level, ' '].slice(0, depth).join('/')}>
            {depth > 0 && <ChevronRight size={13} aria-hidden />}
            <li>
              {depth === crumbs.length - 1 ? (
                <span aria-current="page">{title}</span>
              ) : (
                <button
                  type="button"
                  title={depth === crumbs.length - 2 ? `Go out (${keyLabel('alt+arrowup')})` : undefined}
                  onClick={() => (last && depth === level.length ? last.leave() : leaveBlock(depth))}
                >
                  {title}
                </button>
              )}
            </li>
          </Fragment>
        ))}
      </ol>
    </nav>
  );
}

/** Inside a block: the way there, to go back by, and what an edit of it changes. */
export function Breadcrumb() {
  const whole = useDocumentStore((s) => s.whole);
  const level = useDocumentStore((s) => s.level);
  if (level.length === 0) return null;
  const last = nodesAlong(whole, level).at(-1);
  const definition = last && definitionOf(whole, last);
  const uses = definition ? usesOf(whole, definition.id) : 1;
  return (
    <div className="breadcrumb">
      <Way label="Way to this block" />
      {uses > 1 && <span className="breadcrumb__uses">An edit here changes all {counted(uses, 'place')}.</span>}
      <span className="breadcrumb__space" />
      <Button size="small" variant="quiet" onClick={() => addPort(blockInputKind)}>
        <LogIn size={13} aria-hidden /> Add an input
      </Button>
      <Button size="small" variant="quiet" onClick={() => addPort(blockOutputKind)}>
        <LogOut size={13} aria-hidden /> Add an output
      </Button>
    </div>
  );
}
