import { memo, useMemo } from 'react';
import type { DataBinding } from '../../engine/document/data-binding.ts';
import type { SaidPiece } from '../../engine/protocol/predict.ts';
import type { NumberScale } from '../insight/colour-scale.ts';
import { useColourTables } from '../insight/scale-colours.ts';
import { tokenColours } from '../insight/text-colours.ts';

/** Bits of surprise that have the full colour. */
const surpriseScale: NumberScale = { kind: 'share', extent: 8 };

/** What tokens are coloured by. */
export interface WrittenColours {
  /** What the numbers are of, e.g. `unit 3 of h`. */
  readonly label: string;
  readonly scale: NumberScale;
  /** Of each piece; what has none yet stands on no colour. */
  readonly values: readonly number[];
  /** A number with its unit. */
  format(value: number): string;
}

/** −log₂ p of each piece. */
export const surpriseOf = (pieces: readonly SaidPiece[]): WrittenColours => ({
  label: 'surprise',
  scale: surpriseScale,
  values: pieces.map(({ probability }) => -Math.log2(probability)),
  format: (bits) => `${bits.toFixed(2)} bits`,
});

/** Tokens that are coloured at most, the newest; each is an element of the page. */
const mostColoured = 4000;
/** Tokens that are drawn again together while the text grows. */
const chunk = 200;

interface WrittenTextProps {
  readonly prompt: string;
  readonly pieces: readonly SaidPiece[];
  readonly binding: DataBinding;
  readonly busy: boolean;
  /** `null`: plain. */
  readonly colours: WrittenColours | null;
}

/** A text that a language model writes, with its prompt. */
export function WrittenText({ prompt, pieces, binding, busy, colours }: WrittenTextProps) {
  const from = colours ? Math.max(0, chunk * Math.ceil((pieces.length - mostColoured) / chunk)) : pieces.length;
  const [plain, chunks] = useMemo(() => {
    const count = Math.ceil((pieces.length - from) / chunk);
    const starts = Array.from({ length: count }, (_, at) => from + at * chunk);
    return [textOf(pieces.slice(0, from)), starts.map((start) => ({ start, some: pieces.slice(start, start + chunk) }))] as const;
  }, [pieces, from]);
  return (
    <p className="generation__text" data-busy={busy}>
      <span className="generation__prompt">{prompt}</span>
      {apart(prompt, pieces[0]?.text ?? '', binding)}
      {plain}
      {chunks.map(
        ({ start, some }) =>
          colours && (
            <Chunk
              key={start}
              start={start}
              pieces={some}
              colours={colours}
              values={colours.values.slice(start, start + chunk)}
            />
          ),
      )}
    </p>
  );
}

interface ChunkProps {
  readonly start: number;
  readonly pieces: readonly SaidPiece[];
  readonly colours: WrittenColours;
  /** Of its pieces. */
  readonly values: readonly number[];
}

/** A chunk that is full does not change, unless what it is coloured by does. */
const Chunk = memo(
  function Chunk({ start, pieces, colours: { label, scale, format }, values }: ChunkProps) {
    const table = useColourTables()[scale.kind];
    return pieces
      .map((piece, at) => ({ ...piece, at, value: values[at] }))
      .map(({ token, text, probability, at, value }) => (
        <span
          key={start + at}
          style={value === undefined ? undefined : { ...tokenColours(value, scale, table) }}
          title={`${token}: ${value === undefined ? `${label} is known once it was read` : format(value)}, ${(100 * probability).toPrecision(3)} %`}
        >
          {text}
        </span>
      ));
  },
  (before, after) =>
    before.pieces.length === after.pieces.length &&
    before.pieces[0] === after.pieces[0] &&
    before.values.length === after.values.length &&
    before.colours.label === after.colours.label &&
    before.colours.scale.extent === after.colours.scale.extent,
);

const textOf = (pieces: readonly SaidPiece[]): string => pieces.map(({ text }) => text).join('');

/** Words stand apart, characters do not. */
function apart(prompt: string, text: string, { tokenizer }: DataBinding): string {
  const between = tokenizer.level === 'word' && prompt !== '' && !/\s$/.test(prompt) && text !== '' && !/^\s/.test(text);
  return between ? ' ' : '';
}

/** All of it, as one text. */
export const writtenText = (prompt: string, pieces: readonly SaidPiece[], binding: DataBinding): string =>
  prompt + apart(prompt, pieces[0]?.text ?? '', binding) + textOf(pieces);
