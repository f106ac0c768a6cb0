import type { DataEncoding } from '../../data/dataset.ts';
import type { AudioSettings } from '../../document/media-settings.ts';
import { mediaWords } from './media-words.ts';

/** Section of an ONNX export's `README.md`: from a file to `series`, for programs in any language; nothing where no files are read. */
export function mediaSteps({ binding: { media } }: Pick<DataEncoding, 'binding'>): string {
  if (media.kind === 'none') return '';
  const steps = media.kind === 'audio' ? audioSteps(media) : pictureSteps(media.kind, media);
  const numbered = [...steps, 'Normalize: less `mean`, over `deviation` (`input_normalization` in `vocabulary.json`).'];
  return `
## From a file to \`series\`

${numbered.map((step, i) => `${i + 1}. ${step}`).join('\n')}

\`features.py\` does all but the last:

\`\`\`python
import json
from features import read_steps

vocabulary = json.load(open("vocabulary.json", encoding="utf-8"))
rule = vocabulary["input_normalization"]
steps = read_steps("${mediaWords[media.kind].example}", vocabulary["media"]).numpy()
series = ((steps - rule["mean"]) / rule["deviation"]).astype(np.float32)[np.newaxis]  # a batch of one row
lengths = np.array([len(steps)])
\`\`\`
`;
}

function audioSteps({
  sampleRate,
  features,
  bands,
  coefficients,
  frameMilliseconds,
  hopMilliseconds,
}: AudioSettings): readonly string[] {
  const mfcc = `The first ${Math.min(coefficients, bands)} values of their orthonormal cosine transform (DCT-II).`;
  return [
    `Samples between -1 and 1, channels averaged, resampled to ${sampleRate} a second.`,
    `Frames of ${frameMilliseconds} ms, one every ${hopMilliseconds} ms, under a periodic Hann window; no padding but of a sound shorter than a frame.`,
    `Power spectrum: the squared absolute values of the Fourier transform of a frame, of its own length.`,
    `${bands} triangles, equally wide on the scale 2595 log10(1 + f / 700) from 0 to ${sampleRate / 2} Hz, each 1 at its top; natural logarithm of at least 1e-10.`,
    ...(features === 'mfcc' ? [mfcc] : []),
  ];
}

function pictureSteps(
  kind: 'image' | 'frames',
  { height, width, channels }: { readonly height: number; readonly width: number; readonly channels: number },
): readonly string[] {
  return [
    'Pixels 0 to 1, on white where they are transparent.',
    `Resized to ${height} rows of ${width} pixels: each the mean of the area that it covers.`,
    ...(channels === 1 ? ['Grey: 0.299 red + 0.587 green + 0.114 blue.'] : []),
    `Row by row from the top, in each row pixel by pixel${channels === 1 ? '' : ', of each red, green, blue'}: ${height * width * channels} numbers. ${kind === 'image' ? 'They are the one step of the row.' : 'They are one step; the pictures of a video follow each other.'}`,
  ];
}
