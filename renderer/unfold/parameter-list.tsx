import { Fragment } from 'react';
import type { TracedRecurrence } from '../../engine/protocol/inspect.ts';
import { showTerms } from '../insight/terms-store.ts';
import type { ParameterUse } from './parameter-uses.ts';
import type { UnrolledRow } from './unrolled.ts';

interface ParameterListProps {
  readonly parameters: readonly ParameterUse[];
  /** Whose parameters they are. */
  readonly row: UnrolledRow;
  /** The one whose copies are lit. */
  readonly lit: string | null;
  /** The one that stays lit. */
  readonly pinned: string | null;
  onPoint(name: string | null): void;
  onPin(name: string | null): void;
}

/** What a cell learns, by name: each lights its copies, and leads to its gradient. */
export function ParameterList({ parameters, row, lit, pinned, onPoint, onPin }: ParameterListProps) {
  return (
    <ul className="unfold-parameters" aria-label="Parameters">
      {parameters.map(({ name }) => (
        <li key={name} data-lit={name === lit}>
          <button
            type="button"
            className="unfold-parameters__name"
            aria-label={`${name}: one and the same in all copies`}
            aria-pressed={name === pinned}
            onPointerEnter={() => onPoint(name)}
            onPointerLeave={() => onPoint(null)}
            onFocus={() => onPoint(name)}
            onBlur={() => onPoint(null)}
            onClick={() => onPin(name === pinned ? null : name)}
          >
            <ParameterName name={name} />
          </button>
          {row.traced && (
            <button
              type="button"
              className="unfold-parameters__sum"
              aria-label={`Gradient of ${name}, term by term`}
              title={`The gradient of ${name} is a sum over the steps: term by term`}
              onPointerEnter={() => onPoint(name)}
              onPointerLeave={() => onPoint(null)}
              onFocus={() => onPoint(name)}
              onBlur={() => onPoint(null)}
              onClick={() => row.traced && showTerms(row.traced.place, name)}
            >
              Σ
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** A name as the equations have it: what follows its first `_` stands below. */
export function ParameterName({ name }: { readonly name: string }) {
  const [letter = '', ...below] = name.split('_');
  return (
    <Fragment>
      <i>{letter}</i>
      {below.length > 0 && <sub>{below.join(' ')}</sub>}
    </Fragment>
  );
}

const kinds = { matrix: 'matrix', bias: 'bias', vector: 'vector', scalar: 'number' } as const;

/** That all copies of a parameter are one. */
export function sharedWords({ name, role }: ParameterUse, row: UnrolledRow, copies: string): string {
  const thing = thingWords(row.traced?.recurrence, name, kinds[role]);
  return `${name} is one and the same ${thing} in all ${copies} copies: what each step adds to its gradient is summed.`;
}

/** `48 × 24 matrix`, `bias of 48 numbers`; without its size where that is not known. */
function thingWords(recurrence: TracedRecurrence | undefined, name: string, kind: string): string {
  const shape = recurrence?.parameters.find((one) => one.name === name)?.shape ?? [];
  if (shape.length > 1) return `${shape.join(' × ')} ${kind}`;
  return shape.length === 1 && kind !== 'number' ? `${kind} of ${shape[0]} numbers` : kind;
}
