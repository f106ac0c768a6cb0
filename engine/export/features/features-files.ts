import { pythonFile } from '../python-file.ts';
import type { MediaKind } from './media-json.ts';

/** `features.py`, from the file to the numbers that the network reads, and what it needs: `name → text`. */
export const featuresFiles = (kind: MediaKind): readonly (readonly [string, string])[] => [
  ['features.py', pythonFile(`features_${kind}.py`)],
  ...(kind === 'audio' ? [] : [['pictures.py', pythonFile('pictures.py')] as const]),
];
