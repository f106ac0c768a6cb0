import type { GraphNode } from '../../engine/document/schema.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import { type OutputMode, outputMode } from '../../engine/layers/wrapper-output.ts';
import type { ValueTypeName } from '../../engine/shapes/value-type.ts';

export type Direction = 'forward' | 'backward';

/** How a wrapper runs its cell, by its settings. */
export interface WrapperRuns {
  readonly layers: number;
  readonly directions: readonly Direction[];
  /** Steps that become one before each layer; 1 but for a pyramid. */
  readonly join: number;
  /** What it gives of all steps. */
  readonly gives: OutputMode;
}

/** `null` of what runs no cell over steps, and where settings are wrong. */
export function wrapperRuns({ kind, params }: Pick<GraphNode, 'kind' | 'params'>): WrapperRuns | null {
  const layer = findLayer(kind);
  const takes = (type: ValueTypeName): boolean => layer?.inputs.some(({ accepts }) => accepts.includes(type)) === true;
  if (!takes('cell') || !takes('sequence')) return null;
  const config = layer?.config.safeParse(params).data;
  if (config === undefined) return null;
  const settings: Readonly<Record<string, unknown>> = config;
  const both = kind === 'bidirectional' || settings['directions'] === 'both';
  const { layers, join, output, direction } = settings;
  return {
    layers: typeof layers === 'number' ? layers : 1,
    directions: both ? ['forward', 'backward'] : [direction === 'backward' ? 'backward' : 'forward'],
    join: typeof join === 'number' ? join : 1,
    // A decoder has no choice: it says something at every step.
    gives: outputMode.safeParse(output ?? 'every-step').data ?? 'every-step',
  };
}
