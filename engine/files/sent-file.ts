/** A file on this machine, and its place below the folder that everything is put into on another one, `/` between folders. */
export interface SentFile {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  /** ms since the epoch. */
  readonly modified: number;
}
