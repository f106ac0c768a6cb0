import type { TorchForm } from '../export/torch-cell.ts';
import type { LstmForm } from './equations.ts';
import { lstmSource } from './torch-source.ts';

/**
 * `nn.LSTM`, its `proj_size` included; a cell with peepholes or coupled gates comes as a small module. The forget bias is a starting
 * value, so it is in the weights already.
 */
export function lstmTorch({ peepholes, coupled, projection }: LstmForm): TorchForm {
  const projected = projection > 0;
  const options = projected ? { proj_size: projection } : {};
  if (!peepholes && !coupled) return { className: 'nn.LSTM', options };
  const name = coupled ? (peepholes ? 'CoupledPeephole' : 'Coupled') : 'Peephole';
  const className = `${projected ? 'Projected' : ''}${name}LSTM` as const;
  return { className, options, source: lstmSource(className, { peepholes, coupled, projected }) };
}
