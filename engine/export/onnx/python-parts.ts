import type { Plan } from '../../compile/plan.ts';
import { pythonFile } from '../python-file.ts';
import { waySaid } from '../pytorch/python-parts.ts';

/** The Python of the ONNX folder, `name → text`: onnxruntime against the numbers that the app computed. Files of `../python`. */
export function onnxPythonParts(plan: Plan): Map<string, string> {
  const says = waySaid(plan);
  return new Map([
    ['test_parity.py', pythonFile('test_parity.py')],
    ['parity.py', pythonFile('onnx_parity.py')],
    ['parity_predictions.py', pythonFile(`onnx_parity_${says}.py`)],
    ...(says === 'labels' ? [] : [['decode.py', pythonFile('onnx_decode.py')] as const]),
  ]);
}
