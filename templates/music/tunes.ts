/** A tune as it is written down: where it starts, its bars, and the notes. */
export interface Tune {
  readonly title: string;
  /** Sixteenths in a full bar. */
  readonly bar: number;
  /** Sixteenths before the first full bar. */
  readonly upbeat: number;
  readonly notes: string;
}

/**
 * Folk songs, carols and other old tunes, all in the public domain, in C major or A minor. A note is its letter, `s` where it is
 * sharp, and its octave (C4 is middle C), and after a colon its length in sixteenths; `R` is a rest, `|` a bar line.
 */
export const tunes: readonly Tune[] = [
  {
    title: 'Twinkle, twinkle (Ah! vous dirai-je, maman)',
    bar: 16,
    upbeat: 0,
    notes:
      'C4:4 C4:4 G4:4 G4:4 | A4:4 A4:4 G4:8 | F4:4 F4:4 E4:4 E4:4 | D4:4 D4:4 C4:8 | G4:4 G4:4 F4:4 F4:4 | E4:4 E4:4 D4:8 | G4:4 G4:4 F4:4 F4:4 | E4:4 E4:4 D4:8 | C4:4 C4:4 G4:4 G4:4 | A4:4 A4:4 G4:8 | F4:4 F4:4 E4:4 E4:4 | D4:4 D4:4 C4:8',
  },
  {
    title: 'Frère Jacques',
    bar: 16,
    upbeat: 0,
    notes:
      'C4:4 D4:4 E4:4 C4:4 | C4:4 D4:4 E4:4 C4:4 | E4:4 F4:4 G4:8 | E4:4 F4:4 G4:8 | G4:2 A4:2 G4:2 F4:2 E4:4 C4:4 | G4:2 A4:2 G4:2 F4:2 E4:4 C4:4 | C4:4 G3:4 C4:8 | C4:4 G3:4 C4:8',
  },
  {
    title: 'Mary had a little lamb',
    bar: 16,
    upbeat: 0,
    notes:
      'E4:4 D4:4 C4:4 D4:4 | E4:4 E4:4 E4:8 | D4:4 D4:4 D4:8 | E4:4 G4:4 G4:8 | E4:4 D4:4 C4:4 D4:4 | E4:4 E4:4 E4:4 E4:4 | D4:4 D4:4 E4:4 D4:4 | C4:16',
  },
  {
    title: 'Au clair de la lune',
    bar: 16,
    upbeat: 0,
    notes:
      'C4:4 C4:4 C4:4 D4:4 | E4:8 D4:8 | C4:4 E4:4 D4:4 D4:4 | C4:16 | C4:4 C4:4 C4:4 D4:4 | E4:8 D4:8 | C4:4 E4:4 D4:4 D4:4 | C4:16 | D4:4 D4:4 D4:4 D4:4 | A3:8 A3:8 | D4:4 C4:4 B3:4 A3:4 | G3:16 | C4:4 C4:4 C4:4 D4:4 | E4:8 D4:8 | C4:4 E4:4 D4:4 D4:4 | C4:16',
  },
  {
    title: 'London Bridge',
    bar: 16,
    upbeat: 0,
    notes:
      'G4:6 A4:2 G4:4 F4:4 | E4:4 F4:4 G4:8 | D4:4 E4:4 F4:8 | E4:4 F4:4 G4:8 | G4:6 A4:2 G4:4 F4:4 | E4:4 F4:4 G4:8 | D4:8 G4:8 | E4:4 C4:12',
  },
  {
    title: 'Row, row, row your boat',
    bar: 12,
    upbeat: 0,
    notes:
      'C4:6 C4:6 | C4:4 D4:2 E4:6 | E4:4 D4:2 E4:4 F4:2 | G4:12 | C5:2 C5:2 C5:2 G4:2 G4:2 G4:2 | E4:2 E4:2 E4:2 C4:2 C4:2 C4:2 | G4:4 F4:2 E4:4 D4:2 | C4:12',
  },
  {
    title: 'Hänschen klein',
    bar: 16,
    upbeat: 0,
    notes:
      'G4:4 E4:4 E4:8 | F4:4 D4:4 D4:8 | C4:4 D4:4 E4:4 F4:4 | G4:4 G4:4 G4:8 | G4:4 E4:4 E4:8 | F4:4 D4:4 D4:8 | C4:4 E4:4 G4:4 G4:4 | C4:16 | D4:4 D4:4 D4:4 D4:4 | D4:4 E4:4 F4:8 | E4:4 E4:4 E4:4 E4:4 | E4:4 F4:4 G4:8 | G4:4 E4:4 E4:8 | F4:4 D4:4 D4:8 | C4:4 E4:4 G4:4 G4:4 | C4:16',
  },
  {
    title: 'Alle meine Entchen',
    bar: 16,
    upbeat: 0,
    notes:
      'C4:4 D4:4 E4:4 F4:4 | G4:8 G4:8 | A4:4 A4:4 A4:4 A4:4 | G4:16 | A4:4 A4:4 A4:4 A4:4 | G4:16 | F4:4 F4:4 F4:4 F4:4 | E4:8 E4:8 | D4:4 D4:4 D4:4 D4:4 | C4:16',
  },
  {
    title: 'Old MacDonald had a farm',
    bar: 16,
    upbeat: 0,
    notes:
      'C5:4 C5:4 C5:4 G4:4 | A4:4 A4:4 G4:8 | E5:4 E5:4 D5:4 D5:4 | C5:12 G4:4 | C5:4 C5:4 C5:4 G4:4 | A4:4 A4:4 G4:8 | E5:4 E5:4 D5:4 D5:4 | C5:16',
  },
  {
    title: 'When the saints go marching in',
    bar: 16,
    upbeat: 12,
    notes:
      'C4:4 E4:4 F4:4 | G4:16 | R:4 C4:4 E4:4 F4:4 | G4:16 | R:4 C4:4 E4:4 F4:4 | G4:8 E4:8 | C4:8 E4:8 | D4:16 | R:4 E4:4 E4:4 D4:4 | C4:12 C4:4 | E4:8 G4:8 | G4:4 F4:12 | R:4 R:4 E4:4 F4:4 | G4:8 E4:8 | C4:8 D4:8 | C4:16',
  },
  {
    title: 'Oh! Susanna',
    bar: 16,
    upbeat: 4,
    notes:
      'C4:2 D4:2 | E4:4 G4:4 G4:6 A4:2 | G4:4 E4:4 C4:6 D4:2 | E4:4 E4:4 D4:4 C4:4 | D4:12 C4:2 D4:2 | E4:4 G4:4 G4:6 A4:2 | G4:4 E4:4 C4:6 D4:2 | E4:4 E4:4 D4:4 D4:4 | C4:16 | F4:8 F4:8 | A4:4 A4:8 A4:4 | G4:4 G4:4 E4:4 C4:4 | D4:12 C4:2 D4:2 | E4:4 G4:4 G4:6 A4:2 | G4:4 E4:4 C4:6 D4:2 | E4:4 E4:4 D4:4 D4:4 | C4:12',
  },
  {
    title: 'Yankee Doodle',
    bar: 16,
    upbeat: 0,
    notes:
      'C5:4 C5:4 D5:4 E5:4 | C5:4 E5:4 D5:4 G4:4 | C5:4 C5:4 D5:4 E5:4 | C5:8 B4:8 | C5:4 C5:4 D5:4 E5:4 | F5:4 E5:4 D5:4 C5:4 | B4:4 G4:4 A4:4 B4:4 | C5:8 C5:8 | A4:6 B4:2 A4:4 G4:4 | A4:4 B4:4 C5:8 | G4:6 A4:2 G4:4 F4:4 | E4:8 G4:8 | A4:6 B4:2 A4:4 G4:4 | A4:4 B4:4 C5:4 A4:4 | G4:4 C5:4 B4:4 D5:4 | C5:8 C5:8',
  },
  {
    title: 'Amazing Grace',
    bar: 12,
    upbeat: 4,
    notes:
      'G3:4 | C4:8 E4:2 C4:2 | E4:8 D4:4 | C4:8 A3:4 | G3:8 G3:4 | C4:8 E4:2 C4:2 | E4:8 D4:4 | G4:12 | R:8 E4:4 | G4:8 E4:2 C4:2 | E4:8 D4:4 | C4:8 A3:4 | G3:8 G3:4 | C4:8 E4:2 C4:2 | E4:8 D4:4 | C4:12',
  },
  {
    title: 'Auld Lang Syne',
    bar: 16,
    upbeat: 4,
    notes:
      'G3:4 | C4:6 C4:2 C4:4 E4:4 | D4:6 C4:2 D4:4 E4:4 | C4:6 C4:2 E4:4 G4:4 | A4:12 A4:4 | G4:6 E4:2 E4:4 C4:4 | D4:6 C4:2 D4:4 E4:4 | C4:6 A3:2 A3:4 G3:4 | C4:12 A4:4 | G4:6 E4:2 E4:4 C4:4 | D4:6 C4:2 D4:4 A4:4 | G4:6 E4:2 E4:4 G4:4 | A4:12 A4:4 | G4:6 E4:2 E4:4 C4:4 | D4:6 C4:2 D4:4 E4:4 | C4:6 A3:2 A3:4 G3:4 | C4:12',
  },
  {
    title: 'Greensleeves',
    bar: 12,
    upbeat: 2,
    notes:
      'A4:2 | C5:4 D5:2 E5:3 Fs5:1 E5:2 | D5:4 B4:2 G4:3 A4:1 B4:2 | C5:4 A4:2 A4:3 Gs4:1 A4:2 | B4:4 Gs4:2 E4:4 A4:2 | C5:4 D5:2 E5:3 Fs5:1 E5:2 | D5:4 B4:2 G4:3 A4:1 B4:2 | C5:3 B4:1 A4:2 Gs4:3 Fs4:1 Gs4:2 | A4:6 A4:6 | G5:6 G5:3 Fs5:1 E5:2 | D5:4 B4:2 G4:3 A4:1 B4:2 | C5:4 A4:2 A4:3 Gs4:1 A4:2 | B4:4 Gs4:2 E4:6 | G5:6 G5:3 Fs5:1 E5:2 | D5:4 B4:2 G4:3 A4:1 B4:2 | C5:3 B4:1 A4:2 Gs4:3 Fs4:1 Gs4:2 | A4:12',
  },
  {
    title: 'Joy to the world (Antioch)',
    bar: 8,
    upbeat: 0,
    notes: 'C5:4 B4:3 A4:1 | G4:6 F4:2 | E4:4 D4:4 | C4:6 G4:2 | A4:6 A4:2 | B4:6 B4:2 | C5:8',
  },
  {
    title: 'Silent night',
    bar: 12,
    upbeat: 0,
    notes:
      'G4:3 A4:1 G4:2 E4:6 | G4:3 A4:1 G4:2 E4:6 | D5:4 D5:2 B4:6 | C5:4 C5:2 G4:6 | A4:4 A4:2 C5:3 B4:1 A4:2 | G4:3 A4:1 G4:2 E4:6 | A4:4 A4:2 C5:3 B4:1 A4:2 | G4:3 A4:1 G4:2 E4:6 | D5:4 D5:2 F5:3 D5:1 B4:2 | C5:6 E5:6 | C5:3 G4:1 E4:2 G4:3 F4:1 D4:2 | C4:12',
  },
  {
    title: 'Jingle bells',
    bar: 16,
    upbeat: 0,
    notes:
      'E4:4 E4:4 E4:8 | E4:4 E4:4 E4:8 | E4:4 G4:4 C4:6 D4:2 | E4:16 | F4:4 F4:4 F4:6 F4:2 | F4:4 E4:4 E4:4 E4:2 E4:2 | E4:4 D4:4 D4:4 E4:4 | D4:8 G4:8 | E4:4 E4:4 E4:8 | E4:4 E4:4 E4:8 | E4:4 G4:4 C4:6 D4:2 | E4:16 | F4:4 F4:4 F4:6 F4:2 | F4:4 E4:4 E4:4 E4:2 E4:2 | G4:4 G4:4 F4:4 D4:4 | C4:16',
  },
  {
    title: 'Ode to joy',
    bar: 16,
    upbeat: 0,
    notes:
      'E4:4 E4:4 F4:4 G4:4 | G4:4 F4:4 E4:4 D4:4 | C4:4 C4:4 D4:4 E4:4 | E4:6 D4:2 D4:8 | E4:4 E4:4 F4:4 G4:4 | G4:4 F4:4 E4:4 D4:4 | C4:4 C4:4 D4:4 E4:4 | D4:6 C4:2 C4:8 | D4:4 D4:4 E4:4 C4:4 | D4:4 E4:2 F4:2 E4:4 C4:4 | D4:4 E4:2 F4:2 E4:4 D4:4 | C4:4 D4:4 G3:8 | E4:4 E4:4 F4:4 G4:4 | G4:4 F4:4 E4:4 D4:4 | C4:4 C4:4 D4:4 E4:4 | D4:6 C4:2 C4:8',
  },
  {
    title: 'Skip to my Lou',
    bar: 16,
    upbeat: 0,
    notes:
      'E4:4 E4:4 C4:4 C4:4 | E4:4 E4:2 E4:2 G4:8 | D4:4 D4:4 B3:4 B3:4 | D4:4 D4:2 D4:2 F4:8 | E4:4 E4:4 C4:4 C4:4 | E4:4 E4:2 E4:2 G4:8 | D4:4 E4:2 F4:2 E4:4 D4:4 | C4:8 C4:8',
  },
  {
    title: 'Good night, ladies',
    bar: 16,
    upbeat: 0,
    notes: 'E4:12 C4:4 | G3:4 C4:12 | E4:12 C4:4 | D4:4 D4:12 | E4:12 C4:4 | F4:4 F4:12 | E4:4 E4:4 D4:4 D4:4 | C4:16',
  },
  {
    title: 'Pop! goes the weasel',
    bar: 12,
    upbeat: 0,
    notes:
      'C4:4 C4:2 D4:4 D4:2 | E4:2 G4:2 E4:2 C4:6 | C4:4 C4:2 D4:4 D4:2 | E4:6 C4:6 | C4:4 C4:2 D4:4 D4:2 | E4:2 G4:2 E4:2 C4:6 | A4:6 D4:4 F4:2 | E4:6 C4:6',
  },
  {
    title: 'The farmer in the dell',
    bar: 12,
    upbeat: 2,
    notes:
      'G3:2 | C4:4 C4:2 C4:4 C4:2 | C4:6 R:4 D4:2 | E4:4 E4:2 E4:4 E4:2 | E4:6 R:6 | G4:6 G4:4 A4:2 | G4:4 E4:2 C4:4 D4:2 | E4:4 E4:2 D4:4 D4:2 | C4:10',
  },
  {
    title: 'Ach, du lieber Augustin',
    bar: 12,
    upbeat: 0,
    notes:
      'G4:6 A4:2 G4:2 F4:2 | E4:4 C4:4 C4:4 | D4:4 G3:4 G3:4 | E4:4 C4:4 C4:4 | G4:6 A4:2 G4:2 F4:2 | E4:4 C4:4 C4:4 | D4:4 G3:4 G3:4 | C4:12',
  },
  {
    title: 'This old man',
    bar: 16,
    upbeat: 0,
    notes:
      'G4:4 E4:4 G4:8 | G4:4 E4:4 G4:8 | A4:4 G4:4 F4:4 E4:4 | D4:4 E4:4 F4:4 E4:2 F4:2 | G4:4 C4:4 C4:4 C4:4 | C4:2 D4:2 E4:2 F4:2 G4:8 | G4:4 D4:4 D4:4 F4:4 | E4:4 D4:4 C4:8',
  },
  {
    title: 'Deck the halls',
    bar: 16,
    upbeat: 0,
    notes:
      'G5:6 F5:2 E5:4 D5:4 | C5:4 D5:4 E5:4 C5:4 | D5:2 E5:2 F5:2 D5:2 E5:6 D5:2 | C5:4 B4:4 C5:8 | G5:6 F5:2 E5:4 D5:4 | C5:4 D5:4 E5:4 C5:4 | D5:2 E5:2 F5:2 D5:2 E5:6 D5:2 | C5:4 B4:4 C5:8 | D5:6 E5:2 F5:4 D5:4 | E5:6 F5:2 G5:4 D5:4 | E5:2 Fs5:2 G5:4 A5:2 B5:2 C6:4 | B5:4 A5:4 G5:8 | G5:6 F5:2 E5:4 D5:4 | C5:4 D5:4 E5:4 C5:4 | A5:2 A5:2 A5:2 A5:2 G5:6 F5:2 | E5:4 D5:4 C5:8',
  },
  {
    title: 'O Tannenbaum',
    bar: 12,
    upbeat: 4,
    notes: 'G4:4 | C5:3 C5:1 C5:6 D5:2 | E5:3 E5:1 E5:6 E5:2 | D5:2 E5:2 F5:4 B4:4 | D5:4 C5:4',
  },
  {
    title: 'Sur le pont d’Avignon',
    bar: 16,
    upbeat: 0,
    notes:
      'C4:4 C4:4 C4:8 | D4:4 D4:4 D4:8 | E4:4 F4:4 G4:4 C4:4 | B3:4 C4:4 D4:4 G3:4 | C4:4 C4:4 C4:8 | D4:4 D4:4 D4:8 | E4:4 F4:4 G4:4 C4:4 | D4:4 B3:4 C4:8',
  },
  {
    title: 'Hot cross buns',
    bar: 16,
    upbeat: 0,
    notes: 'E4:8 D4:8 | C4:16 | E4:8 D4:8 | C4:16 | C4:4 C4:4 C4:4 C4:4 | D4:4 D4:4 D4:4 D4:4 | E4:8 D4:8 | C4:16',
  },
  {
    title: 'Three blind mice',
    bar: 12,
    upbeat: 0,
    notes: 'E4:6 D4:6 | C4:12 | E4:6 D4:6 | C4:12 | G4:6 F4:4 F4:2 | E4:12 | G4:6 F4:4 F4:2 | E4:12',
  },
  {
    title: 'Good King Wenceslas',
    bar: 16,
    upbeat: 0,
    notes:
      'C4:4 C4:4 C4:4 D4:4 | C4:4 C4:4 G3:8 | A3:4 G3:4 A3:4 B3:4 | C4:8 C4:8 | C4:4 C4:4 C4:4 D4:4 | C4:4 C4:4 G3:8 | A3:4 G3:4 A3:4 B3:4 | C4:8 C4:8 | G4:4 F4:4 E4:4 D4:4 | E4:4 D4:4 C4:8 | A3:4 G3:4 A3:4 B3:4 | C4:8 C4:8 | G3:4 G3:4 A3:4 B3:4 | C4:4 C4:4 D4:8 | G4:4 F4:4 E4:4 D4:4 | C4:8 F4:8 | C4:16',
  },
];
