import type { GraphNode } from '../../engine/document/schema.ts';
import { findLayer } from '../../engine/layers/registry.ts';

export const isCellNode = ({ kind }: Pick<GraphNode, 'kind'>): boolean => findLayer(kind)?.family === 'cell';
