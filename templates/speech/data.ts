import { audioFeatures } from '../../engine/data/media/audio-features.ts';
import type { ColumnNames, RawExample } from '../../engine/data/raw-example.ts';
import { audioSettings } from '../../engine/document/media-settings.ts';
import { Random } from '../../engine/random.ts';
import { speak } from './synthesizer.ts';
import { voices } from './voices.ts';
import { words } from './words.ts';

export const columns: ColumnNames = { inputs: ['sound'], targets: ['digit'] };

/** What the model hears of a recording: 24 bands of its spectrum every 10 ms. The document's settings say the same. */
export const hearing = audioSettings.parse({ kind: 'audio', sampleRate: 8000, features: 'log-mel', bands: 24 });

const speakers = 24;
const perDigit = 4;

/**
 * The ten digits, spoken by 24 synthetic voices, each digit four times by each: no two alike in pitch, pace, noise and pauses. The
 * group is the voice: those that a model is judged on were never heard in training.
 */
export async function* rows(): AsyncGenerator<RawExample> {
  const random = new Random(7, 'speech');
  const digits = Object.entries(words);
  const everyone = voices(random, speakers, 6);
  let line = 0;
  for (const voice of everyone) {
    for (const [digit, sounds] of digits) {
      for (let take = 0; take < perDigit; take++) {
        const samples = speak(random, sounds, voice, manner(random), hearing.sampleRate);
        line++;
        yield {
          line,
          input: { kind: 'series', steps: audioFeatures(samples, hearing).map((frame) => frame.map(thousandths)) },
          target: { kind: 'class', label: digit },
          group: voice.name,
        };
      }
    }
  }
}

/** @returns what `speak` needs to know about one utterance */
function manner(random: Random): Parameters<typeof speak>[3] {
  return {
    pitch: 0.9 + 0.2 * random.uniform(),
    pace: 0.8 + 0.4 * random.uniform(),
    noise: 0.2 * 5 ** random.uniform(),
    pauses: [0.02 + 0.15 * random.uniform(), 0.02 + 0.15 * random.uniform()],
  };
}

const thousandths = (value: number): number => Math.round(value * 1000) / 1000;
