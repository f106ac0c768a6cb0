import type { UnrollDocument } from '../../engine/document/schema.ts';
import { type Arranged, arranged } from './auto-layout.ts';
import type { CardSizes } from './comments-aside.ts';

/** A large graph is arranged in a thread of its own: for a thousand nodes it takes a second or two. */
export interface ToArrange {
  readonly document: UnrollDocument;
  readonly sizes: CardSizes;
}
export type FromArranging = { readonly done: number } | { readonly arranged: Arranged };

/** Steps in which progress is told. */
const told = 50;

const post = (message: FromArranging): void => self.postMessage(message);

self.onmessage = ({ data: { document, sizes } }: MessageEvent<ToArrange>) => {
  let last = 0;
  const result = arranged(document, sizes, (done) => {
    const step = Math.floor(done * told);
    if (step > last) post({ done });
    last = Math.max(last, step);
  });
  post({ arranged: result });
};
