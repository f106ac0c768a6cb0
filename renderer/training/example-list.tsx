import { Check, X } from 'lucide-react';
import type { ExampleView } from '../../engine/protocol/runs.ts';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import './example-list.css';
import { TagStrip } from './tag-strip.tsx';

interface ExampleListProps {
  readonly examples: readonly ExampleView[];
  /** Numbers are near or far, not right or wrong. */
  readonly numeric: boolean;
}

/** Validation examples with what the model says now. */
export function ExampleList({ examples, numeric }: ExampleListProps) {
  const rows = examples.map((example, place) => ({ place, example }));
  return (
    <ScrollRegion label="Validation examples" className="examples">
      <ul className="examples__list">
        {rows.map(({ place, example }) => (
          <li key={place} className="examples__item">
            <Example example={example} numeric={numeric} />
          </li>
        ))}
      </ul>
    </ScrollRegion>
  );
}

function Example({ example, numeric }: { readonly example: ExampleView; readonly numeric: boolean }) {
  const { tokens, target, predicted, confidence } = example;
  if (tokens && predicted.length > 1) {
    return <TagStrip tokens={tokens} tags={predicted} truth={target} confidence={confidence} />;
  }
  const right = target.join() === predicted.join();
  const sure = numeric ? undefined : confidence[0];
  return (
    <>
      {!numeric && (
        <span className={right ? 'examples__right' : 'examples__wrong'}>
          {right ? <Check size={14} aria-hidden /> : <X size={14} aria-hidden />}
          <span className="visually-hidden">{right ? 'right: ' : 'wrong: '}</span>
        </span>
      )}
      <span className="examples__input" title={example.input}>
        {example.input}
      </span>
      <span className="examples__labels">
        <b>{predicted.join(', ')}</b>
        {sure !== undefined && <span> {Math.round(sure * 100)} %</span>}
        {(numeric || !right) && <span> · true {target.join(', ')}</span>}
      </span>
    </>
  );
}
