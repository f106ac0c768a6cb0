import { memo, useMemo } from 'react';
import type { DataBinding } from '../../engine/document/data-binding.ts';
import type { SaidPiece } from '../../engine/protocol/predict.ts';
import type { NumberScale } from '../insight/colour-scale.ts';
import { useColourTables } from '../insight/scale-colours.ts';
import { tokenColours } from '../insight/text-colours.ts';

/** Bits of surprise that have the full colour. */
export const surpriseScale: NumberScale = { kind: 'share', extent: 8 };

/** Tokens that are coloured at most, the newest; each is an element of the page. */
const mostColoured = 4000;
/** Tokens that are drawn again together while the text grows. */
const chunk = 200;

interface WrittenTextProps {
  readonly prompt: string;
  readonly pieces: readonly SaidPiece[];
  readonly binding: DataBinding;
  readonly busy: boolean;
  /** Whether tokens stand on the colour of their surprise. */
  readonly coloured: boolean;
}

/** A text that a language model writes, with its prompt. */
export function WrittenText({ prompt, pieces, binding, busy, coloured }: WrittenTextProps) {
  const from = coloured ? Math.max(0, chunk * Math.ceil((pieces.length - mostColoured) / chunk)) : pieces.length;
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
      {chunks.map(({ start, some }) => (
        <Chunk key={start} start={start} pieces={some} />
      ))}
    </p>
  );
}

interface ChunkProps {
  readonly start: number;
  readonly pieces: readonly SaidPiece[];
}

/** A chunk that is full does not change. */
const Chunk = memo(
  function Chunk({ start, pieces }: ChunkProps) {
    const table = useColourTables()[surpriseScale.kind];
    return pieces
      .map((piece, at) => ({ ...piece, at, bits: -Math.log2(piece.probability) }))
      .map(({ token, text, probability, at, bits }) => (
        <span
          key={start + at}
          style={{ ...tokenColours(bits, surpriseScale, table) }}
          title={`${token}: ${bits.toFixed(2)} bits, ${(100 * probability).toPrecision(3)} %`}
        >
          {text}
        </span>
      ));
  },
  ({ start, pieces }, after) => start === after.start && pieces.length === after.pieces.length && pieces[0] === after.pieces[0],
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
