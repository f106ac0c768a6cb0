import type { z } from 'zod';
import { type AcceleratedCell, type CellDescription, stateWidths } from '../shapes/value-type.ts';
import { type CellDefinition, type CellSettings, describeCell } from './cell.ts';
import { cellProgram } from './cell-program.ts';
import { customCell } from './custom/cell.ts';
import type { OnnxCell } from './export/onnx-cell.ts';
import { pythonCell } from './export/python-class.ts';
import { pythonName } from './export/python-names.ts';
import type { TorchCell } from './export/torch-cell.ts';
import { gruCell } from './gru/cell.ts';
import { lstmCell } from './lstm/cell.ts';
import { rnnCell } from './rnn/cell.ts';

/** Every kind of cell, in palette order: the only list of them. */
export const cells = { 'rnn-cell': rnnCell, 'gru-cell': gruCell, 'lstm-cell': lstmCell, 'custom-cell': customCell } as const;

export type CellKind = keyof typeof cells;
/** A definition with its settings type erased; parse with `config` first. */
export type AnyCell = CellDefinition<CellKind, z.ZodObject>;

export const cellKinds = Object.keys(cells) as readonly CellKind[];

const isCellKind = (kind: string): kind is CellKind => Object.hasOwn(cells, kind);

export function findCell(kind: string): AnyCell | undefined {
  return isCellKind(kind) ? (cells[kind] as unknown as AnyCell) : undefined;
}

const definitionOf = ({ kind }: CellDescription): AnyCell => {
  const definition = findCell(kind);
  if (definition === undefined) throw new Error(`there is no cell ${kind}`);
  return definition;
};

/** A cell by its kind, with its settings as they stand in a document. */
export function cellOf(kind: CellKind, settings: Readonly<Record<string, unknown>>): CellDescription {
  const definition = findCell(kind);
  if (definition === undefined) throw new Error(`there is no cell ${kind}`);
  return describeCell(definition, definition.config.parse(settings) as CellSettings & Record<string, unknown>);
}

/** A kind of cell in settings that it is tested in, its width left open. */
export interface CellForm {
  /** e.g. `gru reset-after`; the kind alone where nothing is set. */
  readonly name: string;
  readonly kind: CellKind;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
}

/** Every kind in every form: what the contract, the parity of exports, the kernels' tests and the check of a device run through. */
export const cellForms: readonly CellForm[] = cellKinds.flatMap((kind) =>
  Object.entries(findCell(kind)?.forms ?? {}).map(([form, settings]) => ({
    name: [kind.replace('-cell', ''), ...(form === 'plain' ? [] : [form])].join(' '),
    kind,
    settings: settings as CellForm['settings'],
  })),
);

/** Those of them that kernels know, so wide. */
export const acceleratedForms = (hidden: number): readonly AcceleratedForm[] =>
  cellForms.flatMap(({ name, kind, settings }) => {
    const cell = cellOf(kind, { ...settings, hidden });
    return isAccelerated(cell) ? [{ name, cell }] : [];
  });

export interface AcceleratedForm {
  readonly name: string;
  readonly cell: AcceleratedCell;
}

/** @throws Error where no kernels know it */
export function acceleratedCell(kind: CellKind, settings: Readonly<Record<string, unknown>>): AcceleratedCell {
  const cell = cellOf(kind, settings);
  if (!isAccelerated(cell)) throw new Error(`no kernels know ${kind}`);
  return cell;
}

export const isAccelerated = (cell: CellDescription): cell is AcceleratedCell => cell.kernel !== null;

/** The PyTorch side of a cell: its own module, or a class that reads like its equations. */
export function torchCell(cell: CellDescription): TorchCell {
  const { hidden, equations, settings } = cell;
  const form = definitionOf(cell).torch?.(settings);
  const common = { hidden, parts: cell.states.map(({ name }) => name), widths: stateWidths(cell) };
  if (form !== undefined) return { ...form, ...common, stock: form.source === undefined };
  const written = pythonCell(cellProgram(equations, hidden), hidden);
  return { ...written, ...common, options: {}, stock: false, weightName: pythonName };
}

/** The operator of ONNX that is a cell; `null` where there is none. */
export const onnxCell = (cell: CellDescription): OnnxCell | null => definitionOf(cell).onnx?.(cell.settings) ?? null;
