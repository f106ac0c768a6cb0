import { shapeWords, sizeOf, totalSize } from './parameter-sizes.ts';
import type { CellReading } from './read-cell.ts';

const roles = { matrix: 'matrix', bias: 'bias', vector: 'vector', scalar: 'number' } as const;

/** What the cell learns, with its shapes. */
export function ParameterTable({ reading, inputWidth }: { readonly reading: CellReading; readonly inputWidth: number | null }) {
  const { parameters } = reading.facts.cell;
  if (parameters.length === 0) return null;
  const total = totalSize(parameters, inputWidth);
  return (
    <details className="parameters">
      <summary>
        <span>Parameters</span>
        <span className="parameters__total">
          {parameters.length} {parameters.length === 1 ? 'tensor' : 'tensors'}
          {total === null ? '' : `, ${total.toLocaleString('en')} numbers`}
        </span>
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Kind</th>
            <th scope="col">Shape</th>
            <th scope="col">Numbers</th>
            <th scope="col">Starts at</th>
          </tr>
        </thead>
        <tbody>
          {parameters.map((parameter) => (
            <tr key={parameter.name}>
              <th scope="row">{parameter.name}</th>
              <td>{roles[parameter.role]}</td>
              <td>{shapeWords(parameter, inputWidth)}</td>
              <td>{sizeOf(parameter, inputWidth)?.toLocaleString('en') ?? '?'}</td>
              <td>{parameter.start ?? 'random'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="parameters__note">
        For one direction of one layer{inputWidth === null ? '; E is the width of the input, once the cell is wired' : ''}.
      </p>
    </details>
  );
}
