import type { PythonValue, TorchModule } from '../../layers/torch.ts';

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

/** `nn.LSTM(64, 128, batch_first=True)`. */
export function constructorCall(module: TorchModule): string {
  const written = Object.entries(module.arguments).map(([name, value], index) =>
    index < module.positional ? pythonLiteral(value) : `${name}=${pythonLiteral(value)}`,
  );
  return `${module.className}(${written.join(', ')})${module.frozen ? '.requires_grad_(False)' : ''}`;
}

/** Lines moved right by so many levels of four spaces; empty lines stay empty. */
export const indented = (lines: readonly string[], levels: number): string[] =>
  lines.map((line) => (line === '' ? '' : `${'    '.repeat(levels)}${line}`));
