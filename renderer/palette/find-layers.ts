import { type AnyLayer, findLayer, layerKinds } from '../../engine/layers/registry.ts';
import { type Family, families } from '../../engine/shapes/family.ts';

export const familyTitles: Readonly<Record<Family, string>> = {
  input: 'Input',
  represent: 'Represent',
  cell: 'Cells',
  unroll: 'Unroll through time',
  shape: 'Shape',
  head: 'Heads',
};

const everyKind: ReadonlySet<string> = new Set(layerKinds);

/** Layers of these kinds that fit every word of the search, by family in palette order; a match in the title comes first. */
export function findLayers(
  search: string,
  kinds = everyKind,
): readonly { readonly family: Family; readonly layers: readonly AnyLayer[] }[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const rank = (layer: AnyLayer): number => {
    const title = layer.title.toLowerCase();
    const rest = `${layer.kind} ${layer.keywords.join(' ')} ${layer.summary}`.toLowerCase();
    if (!words.every((word) => title.includes(word) || rest.includes(word))) return Number.POSITIVE_INFINITY;
    return words.every((word) => title.includes(word)) ? 0 : 1;
  };
  const all = [...kinds].flatMap((kind) => findLayer(kind) ?? []);
  return families
    .map((family) => ({
      family,
      layers: all.filter((l) => l.family === family && Number.isFinite(rank(l))).sort((a, b) => rank(a) - rank(b)),
    }))
    .filter((group) => group.layers.length > 0);
}

/** Whether a name holds every word of the search. */
export const isNamed = (search: string, name: string): boolean =>
  search
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => name.toLowerCase().includes(word));

/** What Enter takes of what was found: what is called so from its beginning on, then what has it in its name, then the first. */
export function bestOf<T extends { readonly title: string }>(search: string, found: readonly T[]): T | undefined {
  const text = search.trim().toLowerCase();
  return (
    found.find(({ title }) => title.toLowerCase().startsWith(text)) ??
    found.find(({ title }) => title.toLowerCase().includes(text)) ??
    found[0]
  );
}
