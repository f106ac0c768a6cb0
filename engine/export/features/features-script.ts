import { audioScript } from './audio-script.ts';
import type { MediaKind } from './media-json.ts';
import { pictureScript } from './picture-script.ts';

/** `features.py`: from the file to the numbers that the network reads. */
export const featuresScript = (kind: MediaKind): string => (kind === 'audio' ? audioScript : pictureScript(kind));
