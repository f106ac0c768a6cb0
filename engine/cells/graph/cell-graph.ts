import type { Expression, Statement } from '../language/tree.ts';

/** An expression with places that wires fill: the names of values, and what nodes of their own compute. */
export type Template =
  | { readonly kind: 'slot'; readonly slot: number }
  /** A number, or the name of something that is learned or that nothing gives a value to. */
  | Extract<Expression, { kind: 'number' | 'name' }>
  | { readonly kind: 'product'; readonly matrix: string; readonly of: Template }
  | { readonly kind: 'negative'; readonly of: Template }
  | {
      readonly kind: 'binary';
      readonly operator: Extract<Expression, { kind: 'binary' }>['operator'];
      readonly left: Template;
      readonly right: Template;
    }
  | { readonly kind: 'call'; readonly function: string; readonly arguments: readonly Template[] };

/** The step's input, or a state before the step. */
export interface InputNode {
  readonly kind: 'input';
  readonly id: string;
  readonly name: string;
}

/** What is computed: a line's value, or a part of one. */
export interface OperationNode {
  readonly kind: 'operation';
  readonly id: string;
  /** `f` or `h'` where it is a line's value; `null`: a part of what reads it. */
  readonly label: string | null;
  readonly template: Template;
  /** Sums of what is learned, and the functions around them, are one node: a gate. */
  readonly gate: boolean;
  /** Where it was read from; `null` while it is new. */
  readonly expression: Expression | null;
}

/** A state after the step, or `out`. */
export interface OutputNode {
  readonly kind: 'output';
  readonly id: string;
  readonly label: string;
}

export type CellNode = InputNode | OperationNode | OutputNode;

/** From what gives a value to the slot of an operation that reads it; at an output the slot is 0. */
export interface CellWire {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly slot: number;
}

/** A line of the text, in its order; what is not in the graph is kept here. */
export interface GraphLine {
  /** As it was written; `null`: it is new. */
  readonly text: string | null;
  /** What was read there. */
  readonly read: Statement | null;
  readonly comment: string | null;
  /** The line's value, or a `width`, a `start`, nothing, or what cannot be read. */
  readonly content:
    | { readonly kind: 'value'; readonly node: string }
    | { readonly kind: 'stated'; readonly statement: Exclude<Statement, { kind: 'value' }> }
    | { readonly kind: 'nothing' }
    | { readonly kind: 'unread' };
}

/** A cell as a graph: with its lines it holds all of the text, which is made from it again. */
export interface CellGraph {
  readonly lines: readonly GraphLine[];
  readonly nodes: readonly CellNode[];
  readonly wires: readonly CellWire[];
}

export const inputId = (name: string): string => `in:${name}`;
export const outputId = (label: string): string => `out:${label}`;
const wireId = (from: string, to: string, slot: number): string => `${from}->${to}.${slot}`;
export const wireOf = (from: string, to: string, slot: number): CellWire => ({ id: wireId(from, to, slot), from, to, slot });

export const labelOf = ({ name, next }: { readonly name: string; readonly next: boolean }): string => (next ? `${name}'` : name);
export const nameOfLabel = (label: string): { readonly name: string; readonly next: boolean } =>
  label.endsWith("'") ? { name: label.slice(0, -1), next: true } : { name: label, next: false };
