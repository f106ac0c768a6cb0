import type { NodeId, StepNode } from './graph.ts';
import type { Step } from './lower.ts';

/** Between which numbers a value lies whatever its inputs are, where equations tell: for the scale of its colours. */
export type ValueRange = '0..1' | '-1..1' | 'free';

interface Interval {
  readonly low: number;
  readonly high: number;
}
const free: Interval = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/** The range of each node of a step's forward pass, of a cell that starts from zeros. */
export function rangesOf(step: Step): (id: NodeId) => ValueRange {
  // A part of the state lies within ±1 where it stays there for a step, whatever the other parts are.
  let bounded = new Set(step.next.map((_, index) => index));
  for (let before = -1; before !== bounded.size; ) {
    before = bounded.size;
    const intervals = intervalsOf(step, bounded);
    bounded = new Set([...bounded].filter((index) => isWithin(intervals(step.next[index] ?? 0), -1, 1)));
  }
  const intervals = intervalsOf(step, bounded);
  return (id) => {
    const interval = intervals(id);
    return isWithin(interval, 0, 1) ? '0..1' : isWithin(interval, -1, 1) ? '-1..1' : 'free';
  };
}

const isWithin = ({ low, high }: Interval, least: number, most: number): boolean => low >= least && high <= most;

function intervalsOf({ graph }: Step, bounded: ReadonlySet<number>): (id: NodeId) => Interval {
  const known = new Map<NodeId, Interval>();
  const of = (id: NodeId): Interval => {
    const found = known.get(id) ?? made(graph.node(id));
    known.set(id, found);
    return found;
  };
  /** Whether one is 1 - the other, both within 0 and 1. */
  const complements = (a: NodeId, b: NodeId): boolean => {
    const node = graph.node(a);
    if (node.op !== 'subtract' || node.right !== b || !isWithin(of(b), 0, 1)) return false;
    const one = graph.node(node.left);
    return one.op === 'constant' && one.value === 1;
  };
  /** What is weighed in `a u + (1 - a) v`. */
  const mixed = (left: StepNode, right: StepNode): readonly [NodeId, NodeId] | null => {
    if (left.op !== 'multiply' || right.op !== 'multiply') return null;
    for (const [a, u] of turns(left))
      for (const [b, v] of turns(right)) if (complements(a, b) || complements(b, a)) return [u, v];
    return null;
  };
  const made = (node: StepNode): Interval => {
    switch (node.op) {
      case 'constant':
        return { low: node.value, high: node.value };
      case 'state':
        return bounded.has(node.index) ? { low: -1, high: 1 } : free;
      case 'sigmoid':
      case 'softmax':
        return { low: 0, high: 1 };
      case 'tanh':
        return { low: -1, high: 1 };
      case 'relu': {
        const { low, high } = of(node.of);
        return { low: Math.max(0, low), high: Math.max(0, high) };
      }
      case 'negative': {
        const { low, high } = of(node.of);
        return { low: -high, high: -low };
      }
      case 'subtract': {
        const [a, b] = [of(node.left), of(node.right)];
        return { low: a.low - b.high, high: a.high - b.low };
      }
      case 'add': {
        const mix = mixed(graph.node(node.left), graph.node(node.right));
        const [a, b] = mix === null ? [of(node.left), of(node.right)] : [of(mix[0]), of(mix[1])];
        if (mix !== null) return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
        return { low: a.low + b.low, high: a.high + b.high };
      }
      case 'multiply': {
        const [a, b] = [of(node.left), of(node.right)];
        const corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
        return corners.some(Number.isNaN) ? free : { low: Math.min(...corners), high: Math.max(...corners) };
      }
      default:
        return free;
    }
  };
  return of;
}

const turns = ({ left, right }: { readonly left: NodeId; readonly right: NodeId }): readonly (readonly [NodeId, NodeId])[] => [
  [left, right],
  [right, left],
];
