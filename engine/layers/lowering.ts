import type { ChainLayer } from '../kernels/native/chain.ts';
import type { PlanModule } from './plan-module.ts';
import type { LayerConfig, LayerKindName } from './registry.ts';

/** What a layer is lowered from. */
export interface LoweringContext<K extends LayerKindName> {
  readonly config: LayerConfig<K>;
  readonly module: PlanModule;
  /** Number of a parameter by its name inside the node. */
  parameter(name: string): number;
}

/**
 * A layer as a part of a network that runs as one op of the native backend; `null` where its settings have none. Of a value that comes in
 * by one wire and goes out by one.
 */
export type Lowering<K extends LayerKindName> = (context: LoweringContext<K>) => readonly ChainLayer[] | null;
