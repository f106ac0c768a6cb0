import { z } from 'zod';
import { dataBinding } from './data-binding.ts';
import { trainingSettings } from './training-settings.ts';

/** The newest saved format this program writes. Each change adds a migration and a fixture. */
export const currentVersion = 3;

/** Limits that keep a hostile file from exhausting memory or the canvas. */
export const documentLimits = { bytes: 16 * 1024 * 1024, nodes: 2_000, edges: 8_000, comments: 1_000, text: 20_000 } as const;

const id = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9_-]+$/, 'expected letters, digits, - and _ only');
const coordinate = z.number().min(-1e6).max(1e6);
const position = z.strictObject({ x: coordinate, y: coordinate });

/** A setting's value: settings are flat, each layer kind's own schema checks them. */
const parameterValue = z.union([z.string().max(documentLimits.text), z.number(), z.boolean(), z.null()]);

export const graphNode = z.strictObject({
  id,
  kind: z.string().min(1).max(64),
  /** Free text shown in place of the kind's title; never becomes code. */
  label: z.string().max(200).optional(),
  params: z.record(z.string().max(64), parameterValue),
  position,
});

const portRef = z.strictObject({ node: id, port: z.string().min(1).max(64) });

export const graphEdge = z.strictObject({ id, from: portRef, to: portRef });

export const canvasComment = z.strictObject({
  id,
  text: z.string().max(documentLimits.text),
  position,
  size: z.strictObject({ width: z.number().min(40).max(1e5), height: z.number().min(24).max(1e5) }),
});

/** `*.unroll.json`: data only, never code. */
export const unrollDocument = z.strictObject({
  format: z.literal('unroll'),
  version: z.literal(currentVersion),
  name: z.string().max(200),
  nodes: z.array(graphNode).max(documentLimits.nodes),
  edges: z.array(graphEdge).max(documentLimits.edges),
  comments: z.array(canvasComment).max(documentLimits.comments),
  data: dataBinding.nullable(),
  training: trainingSettings,
});

export type GraphNode = z.infer<typeof graphNode>;
export type GraphEdge = z.infer<typeof graphEdge>;
export type CanvasComment = z.infer<typeof canvasComment>;
export type UnrollDocument = z.infer<typeof unrollDocument>;

/** A new, empty document. */
export function emptyDocument(name = 'Untitled'): UnrollDocument {
  return {
    format: 'unroll',
    version: currentVersion,
    name,
    nodes: [],
    edges: [],
    comments: [],
    data: null,
    training: trainingSettings.parse({}),
  };
}
