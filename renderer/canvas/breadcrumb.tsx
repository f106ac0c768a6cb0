import { ChevronRight, LogIn, LogOut } from 'lucide-react';
import { Fragment } from 'react';
import { blockInputKind, blockOutputKind } from '../../engine/document/blocks/placed.ts';
import { nodeOf } from '../../engine/document/node-of.ts';
import { keyLabel } from '../app/keys.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { graphAt } from '../store/levels.ts';
import { titleOf } from '../store/node-cards.ts';
import { Button } from '../ui/button.tsx';
import { addPort, leaveBlock } from './block-actions.ts';
import { counted, usesOf } from './block-words.ts';
import './breadcrumb.css';
import { definitionOf } from '../../engine/document/blocks/placed.ts';

/** Inside a block: the way there, to go back by, and what an edit of it changes. */
export function Breadcrumb() {
  const whole = useDocumentStore((s) => s.whole);
  const level = useDocumentStore((s) => s.level);
  if (level.length === 0) return null;
  const nodes = level.map((id, depth) => nodeOf(graphAt(whole, level.slice(0, depth)), id));
  const titles = nodes.map((node) => (node ? titleOf(whole, node) : ''));
  const last = nodes.at(-1);
  const definition = last && definitionOf(whole, last);
  const uses = definition ? usesOf(whole, definition.id) : 1;
  return (
    <div className="breadcrumb">
      <nav aria-label="Way to this block">
        <ol>
          {[whole.name, ...titles].map((title, depth) => (
            <Fragment key={level.slice(0, depth).join('/')}>
              {depth > 0 && <ChevronRight size={13} aria-hidden />}
              <li>
                {depth === level.length ? (
                  <span aria-current="page">{title}</span>
                ) : (
                  <button
                    type="button"
                    title={depth === level.length - 1 ? `Go out (${keyLabel('alt+arrowup')})` : undefined}
                    onClick={() => leaveBlock(depth)}
                  >
                    {title}
                  </button>
                )}
              </li>
            </Fragment>
          ))}
        </ol>
      </nav>
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
