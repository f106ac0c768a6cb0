import type { TemplateInfo } from '../../engine/protocol/documents.ts';
import './structure-picture.css';

type Structure = TemplateInfo['structure'];

/** A column of the unrolled network: what it reads and says at one time step. */
interface Step {
  readonly reads: boolean;
  readonly says: boolean;
}

const both: Step = { reads: true, says: true };
const reading: Step = { reads: true, says: false };
const saying: Step = { reads: false, says: true };

/** The five of the lectures, unrolled in time. */
const steps: Readonly<Record<Structure, readonly Step[]>> = {
  'one-to-one': [both],
  'one-to-many': [both, saying, saying],
  'many-to-one': [reading, reading, both],
  'many-to-many-in-step': [both, both, both],
  'many-to-many-out-of-step': [reading, reading, reading, saying, saying],
};

const box = 13;
const gap = 9;
const rows = { output: 1, hidden: 24, input: 47 };

/** Boxes and arrows: inputs below, the recurrent steps in the middle, outputs above. */
export function StructurePicture({ structure }: { readonly structure: Structure }) {
  const columns = steps[structure].map((step, place) => ({ ...step, place, x: 1 + place * (box + gap) }));
  const width = columns.length * (box + gap) - gap + 2;
  return (
    <svg className="structure-picture" viewBox={`0 0 ${width} 61`} width={width} height={61} aria-hidden="true" focusable="false">
      {columns.map(({ place, x, reads, says }) => (
        <g key={place}>
          <rect className="structure-picture__hidden" x={x} y={rows.hidden} width={box} height={box} rx={3} />
          {reads && <rect className="structure-picture__input" x={x} y={rows.input} width={box} height={box} rx={3} />}
          {reads && <Arrow x={x + box / 2} from={rows.input} to={rows.hidden + box} />}
          {says && <rect className="structure-picture__output" x={x} y={rows.output} width={box} height={box} rx={3} />}
          {says && <Arrow x={x + box / 2} from={rows.hidden} to={rows.output + box} />}
          {place > 0 && (
            <path className="structure-picture__arrow" d={`M${x - gap} ${rows.hidden + box / 2}H${x - 1}m-3 -2.5l3 2.5l-3 2.5`} />
          )}
        </g>
      ))}
    </svg>
  );
}

function Arrow({ x, from, to }: { readonly x: number; readonly from: number; readonly to: number }) {
  return <path className="structure-picture__arrow" d={`M${x} ${from}V${to + 1}m-2.5 3l2.5 -3l2.5 3`} />;
}
