import { extname } from 'node:path';

/** Ending of a data file's name in small letters: `.csv` of `TRAIN.CSV.GZ` too, whose last says how it is packed, not what it holds. */
export const suffixOf = (path: string): string => extname(path.replace(/\.gz(ip)?$/i, '')).toLowerCase();
