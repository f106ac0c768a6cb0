import { emptyDocument, type UnrollDocument } from '../../engine/document/schema.ts';
import { useDocumentStore } from './document-store.ts';

type Placed = { readonly position: unknown };

/** Whether two documents differ in places only: nodes, comments and frames lie elsewhere, or nothing differs. */
export function movedOnly(a: UnrollDocument, b: UnrollDocument): boolean {
  const { nodes, comments, frames, ...rest } = a;
  const { nodes: nodesOfB, comments: commentsOfB, frames: framesOfB, ...restOfB } = b;
  return (
    sameFields(rest, restOfB) &&
    sameButPlaces(nodes, nodesOfB) &&
    sameButPlaces(comments, commentsOfB) &&
    sameButPlaces(frames, framesOfB)
  );
}

const sameFields = (a: object, b: object): boolean => {
  const [of, other] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return of.size === other.size && [...of].every(([key, value]) => other.has(key) && other.get(key) === value);
};

function sameButPlaces(a: readonly Placed[], b: readonly Placed[]): boolean {
  if (a === b) return true;
  return (
    a.length === b.length &&
    a.every((item, i) => {
      const other = b[i];
      return other !== undefined && (item === other || sameFields({ ...item, position: null }, { ...other, position: null }));
    })
  );
}

let kept = emptyDocument();

/** What is shown, as it was before something was only moved: for what says nothing of places, and need not be drawn anew when a node is dropped. */
export const useUnmovedDocument = (): UnrollDocument =>
  useDocumentStore(({ document }) => {
    if (!movedOnly(kept, document)) kept = document;
    return kept;
  });
