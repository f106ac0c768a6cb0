import type { DataEncoding } from '../../data/dataset.ts';
import type { MediaSettings } from '../../document/media-settings.ts';

/** What a network reads files of. */
export type MediaKind = Exclude<MediaSettings['kind'], 'none'>;

/** What the encoding's data is made of; `null` where it holds the texts or numbers themselves. */
export function mediaKind({ binding: { media } }: Pick<DataEncoding, 'binding'>): MediaKind | null {
  return media.kind === 'none' ? null : media.kind;
}

/** The part `media` of `vocabulary.json`: the settings that `features.py` follows; `null` where there are none. */
export function mediaJson({ binding: { media } }: Pick<DataEncoding, 'binding'>): Readonly<Record<string, unknown>> | null {
  switch (media.kind) {
    case 'none':
      return null;
    case 'audio': {
      const { kind, sampleRate, features, bands, coefficients, frameMilliseconds, hopMilliseconds } = media;
      return {
        kind,
        sample_rate: sampleRate,
        features,
        bands,
        coefficients,
        frame_ms: frameMilliseconds,
        hop_ms: hopMilliseconds,
      };
    }
    default: {
      const { kind, height, width, channels } = media;
      return { kind, height, width, channels };
    }
  }
}
