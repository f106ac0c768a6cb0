import { z } from 'zod';

const ranked = z.array(z.strictObject({ label: z.string(), probability: z.number() }));

/** What the playground shows; closed on `kind`. */
export const prediction = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('class'), tokens: z.array(z.string()), unknown: z.array(z.boolean()), ranked }),
  z.strictObject({
    kind: z.literal('tags'),
    tokens: z.array(z.string()),
    unknown: z.array(z.boolean()),
    tags: z.array(z.strictObject({ label: z.string(), probability: z.number(), ranked })),
  }),
  z.strictObject({ kind: z.literal('numbers'), values: z.array(z.number()), names: z.array(z.string()) }),
]);
export type Prediction = z.infer<typeof prediction>;

/** Rows of a numeric series, in the data's own units, oldest first: `[T][F]`. */
export const seriesInput = z.array(z.array(z.number()).max(512)).max(100_000);

export const predictMethods = {
  'predict.text': { params: z.strictObject({ run: z.string(), text: z.string().max(200_000) }), result: prediction },
  'predict.series': { params: z.strictObject({ run: z.string(), rows: seriesInput }), result: prediction },
} as const;
