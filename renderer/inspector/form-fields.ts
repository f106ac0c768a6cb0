import { z } from 'zod';

interface Common {
  readonly name: string;
  readonly label: string;
  readonly help: string | null;
}

/** One field of a form, as its schema describes it; closed on `kind`. */
export type FormField =
  | (Common & {
      readonly kind: 'number';
      readonly min: number | undefined;
      readonly max: number | undefined;
      readonly integer: boolean;
      readonly nullable: boolean;
      readonly fallback: number | null;
    })
  | (Common & { readonly kind: 'choice'; readonly options: readonly string[]; readonly fallback: string })
  | (Common & { readonly kind: 'switch'; readonly fallback: boolean })
  | (Common & { readonly kind: 'text'; readonly fallback: string })
  /** A file; its endings without the first dot, none of them where every file may be chosen. */
  | (Common & { readonly kind: 'path'; readonly endings: readonly string[]; readonly fallback: string });

interface Property {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  /** Metadata of ours: a string that is the path of a file with one of these endings. */
  readonly fileEndings?: readonly string[];
  /** Metadata of ours: it has a place of its own, which is no form. */
  readonly elsewhere?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly anyOf?: readonly Property[];
}

/** zod writes the largest safe integers where a schema has no limit of its own. */
const limit = (value: number | undefined): number | undefined =>
  value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? undefined : value;

/** Fields of a flat settings schema, in its own order. The schema stays the only source of limits, defaults and help. */
export function formFields(schema: z.ZodObject): readonly FormField[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    readonly properties?: Readonly<Record<string, Property>>;
  };
  return Object.entries(json.properties ?? {}).flatMap(([name, property]) => {
    const field = formField(name, property);
    return field === null ? [] : [field];
  });
}

function formField(name: string, property: Property): FormField | null {
  const common = { name, label: property.title ?? words(name), help: property.description ?? null };
  const alternatives = property.anyOf ?? [property];
  const nullable = alternatives.some((a) => a.type === 'null');
  const main = alternatives.find((a) => a.type !== 'null');
  if (!main || property.elsewhere) return null;
  const fallback = property.default;
  if (main.enum) {
    const options = main.enum.filter((option) => typeof option === 'string');
    return { ...common, kind: 'choice', options, fallback: typeof fallback === 'string' ? fallback : (options[0] ?? '') };
  }
  switch (main.type) {
    case 'integer':
    case 'number':
      return {
        ...common,
        kind: 'number',
        min: limit(main.minimum ?? main.exclusiveMinimum),
        max: limit(main.maximum),
        integer: main.type === 'integer',
        nullable,
        fallback: typeof fallback === 'number' ? fallback : null,
      };
    case 'boolean':
      return { ...common, kind: 'switch', fallback: fallback === true };
    case 'string': {
      const text = typeof fallback === 'string' ? fallback : '';
      const endings = property.fileEndings;
      if (endings) return { ...common, kind: 'path', endings, fallback: text };
      return { ...common, kind: 'text', fallback: text };
    }
    default:
      return null;
  }
}

/** `batchSize` → `Batch size`. */
export function words(name: string): string {
  const spaced = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** `every-step` → `every step`. */
export const optionLabel = (option: string): string => option.replaceAll('-', ' ');
