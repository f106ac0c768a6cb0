import { BookOpen, PencilRuler, Save } from 'lucide-react';
import { useState } from 'react';
import type { GraphNode } from '../../engine/document/schema.ts';
import { Way } from '../canvas/breadcrumb.tsx';
import { keepCell } from '../canvas/kept-blocks.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { titleOf } from '../store/node-cards.ts';
import { Button } from '../ui/button.tsx';
import { type CellOfNode, editAsOwn } from './cell-actions.ts';
import { leaveCell } from './open-cell.ts';
import { totalSize } from './parameter-sizes.ts';
import type { CellReading } from './read-cell.ts';
import { StartFrom } from './start-from.tsx';

interface CellHeadProps {
  readonly node: GraphNode;
  readonly cell: CellOfNode;
  readonly reading: CellReading;
  readonly inputWidth: number | null;
}

/** The way to the cell, what it is, and what can be done with it as a whole. */
export function CellHead({ node, cell, reading, inputWidth }: CellHeadProps) {
  const document = useDocumentStore((s) => s.document);
  const [starting, setStarting] = useState(false);
  const title = titleOf(document, node);
  const total = totalSize(reading.facts.cell.parameters, inputWidth);
  const states = reading.facts.cell.states.map(({ name }) => name).join(', ');
  const facts = [
    `${cell.hidden} wide`,
    ...(states === '' ? [] : [`state ${states}`]),
    ...(total === null ? [] : [`${total.toLocaleString('en')} parameters`]),
  ];
  return (
    <div className="breadcrumb">
      <Way label="Way to this cell" last={{ title, leave: leaveCell }} />
      <span className="cell-head__facts">{facts.join(' · ')}</span>
      <span className="breadcrumb__space" />
      {cell.own ? (
        <>
          <Button size="small" onClick={() => setStarting(true)}>
            <BookOpen size={13} aria-hidden /> Start from…
          </Button>
          <Button size="small" onClick={() => void keepCell(node)}>
            <Save size={13} aria-hidden /> Save to My cells
          </Button>
          {starting && <StartFrom node={node} close={() => setStarting(false)} />}
        </>
      ) : (
        <>
          <span className="cell-head__fixed">Built in: to look at</span>
          <Button size="small" variant="primary" onClick={() => editAsOwn(node)}>
            <PencilRuler size={13} aria-hidden /> Edit as own cell
          </Button>
        </>
      )}
    </div>
  );
}
