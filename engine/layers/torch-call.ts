import type { PythonValue } from '../cells/export/torch-cell.ts';
import type { TorchModule } from './torch.ts';

/** A number, truth value or listed word as Python writes it. */
export function pythonLiteral(value: PythonValue): string {
  switch (typeof value) {
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
      if (!Number.isFinite(value)) throw new Error(`cannot write ${value} into Python`);
      return String(value);
    case 'string':
      return `"${value}"`;
  }
}

/**
 * `nn.LSTM(64, 128, batch_first=True)`.
 *
 * @param given variables that take the place of numbers, by `attribute_argument`
 */
export function constructorCall(module: TorchModule, given: ReadonlyMap<string, string> = new Map()): string {
  const written = Object.entries(module.arguments).map(([name, value], index) => {
    const expression = given.get(`${module.attribute}_${name}`) ?? pythonLiteral(value);
    return index < module.positional ? expression : `${name}=${expression}`;
  });
  return `${module.className}(${written.join(', ')})${module.frozen ? '.requires_grad_(False)' : ''}`;
}
