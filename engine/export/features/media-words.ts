import type { MediaKind } from './media-json.ts';

interface MediaWords {
  /** A path as one could give it. */
  readonly example: string;
  /** What `predict.py` takes. */
  readonly input: string;
  /** What `features.py` does. */
  readonly features: string;
}

/** What an export says about the files that its network reads. */
export const mediaWords: Readonly<Record<MediaKind, MediaWords>> = {
  audio: {
    example: 'recording.wav',
    input: 'recording',
    features:
      'from a WAV file to the features that the network reads, frame by frame: resampled, log-mel or MFCC, with torch alone',
  },
  image: {
    example: 'picture.png',
    input: 'picture',
    features: 'from a PNG or JPEG file to the numbers that the network reads: on white, resized, 0 to 1',
  },
  frames: {
    example: 'folder-of-pictures',
    input: 'video',
    features: 'from the PNG or JPEG files of a video to the numbers that the network reads: on white, resized, 0 to 1',
  },
};

/** Whether files are decoded with Pillow. */
export const seesPictures = (media: MediaKind | null): boolean => media === 'image' || media === 'frames';
