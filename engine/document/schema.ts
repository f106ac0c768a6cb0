import { z } from 'zod';
import { dataBinding } from './data-binding.ts';
import { sweepSettings } from './sweep-settings.ts';
import { trainingSettings } from './training-settings.ts';

/** The newest saved format this program writes. Each change adds a migration and a fixture. */
export const currentVersion = 5;

/** Limits that keep a hostile file from exhausting memory or the canvas. */
export const documentLimits = {
  bytes: 16 * 1024 * 1024,
  /** With all definitions of blocks; and once more when every block is expanded. */
  nodes: 2_000,
  edges: 8_000,
  comments: 1_000,
  frames: 500,
  blocks: 200,
  /** Blocks in blocks. */
  blockDepth: 8,
  text: 20_000,
} as const;

const id = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9_-]+$/, 'expected letters, digits, - and _ only');
const coordinate = z.number().min(-1e6).max(1e6);
const position = z.strictObject({ x: coordinate, y: coordinate });
const size = z.strictObject({ width: z.number().min(40).max(1e5), height: z.number().min(24).max(1e5) });

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
  size,
});

/** Names of colours; each theme has its own tone of them. */
export const frameColours = ['grey', 'blue', 'green', 'amber', 'red', 'purple'] as const;

/** A titled frame behind nodes; what lies in it moves with it. Which nodes those are is where they lie, and is not written down. */
const canvasFrame = z.strictObject({ id, title: z.string().max(200), colour: z.enum(frameColours), position, size });

/** What lies on one canvas: the document's, or the inside of a block. Ids are unique on their canvas. */
export const canvas = {
  nodes: z.array(graphNode).max(documentLimits.nodes),
  edges: z.array(graphEdge).max(documentLimits.edges),
  comments: z.array(canvasComment).max(documentLimits.comments),
  frames: z.array(canvasFrame).max(documentLimits.frames),
};

/**
 * A part of a graph under a name, placed any number of times as nodes of kind `block` (see `blocks/placed.ts`). Its ports are nodes of its own:
 * `block-input` and `block-output`, in the order in which they stand in `nodes`.
 */
export const blockDefinition = z.strictObject({ id, name: z.string().trim().min(1).max(100), ...canvas });

/** `*.unroll.json`: data only, never code. */
export const unrollDocument = z.strictObject({
  format: z.literal('unroll'),
  version: z.literal(currentVersion),
  name: z.string().max(200),
  ...canvas,
  blocks: z.array(blockDefinition).max(documentLimits.blocks),
  data: dataBinding.nullable(),
  training: trainingSettings,
  /** Absent where nothing was ever varied. */
  sweep: sweepSettings.exactOptional(),
});

export type GraphNode = z.infer<typeof graphNode>;
export type GraphEdge = z.infer<typeof graphEdge>;
/** One end of a wire. */
export type PortRef = GraphEdge['from'];
export type CanvasComment = z.infer<typeof canvasComment>;
export type CanvasFrame = z.infer<typeof canvasFrame>;
export type BlockDefinition = z.infer<typeof blockDefinition>;
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
    frames: [],
    blocks: [],
    data: null,
    training: trainingSettings.parse({}),
  };
}
