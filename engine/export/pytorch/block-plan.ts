import type { Plan, PlanBlock, PlanLevel, PlanStep } from '../../compile/plan.ts';
import type { PlanInput, PlanModule } from '../../layers/plan-module.ts';
import type { ValueType } from '../../shapes/value-type.ts';
import { variableName } from './python.ts';
import { outsideBlocks } from './torch-plan.ts';

/** A plan looked at by its levels. */
export class BlockPlan {
  readonly #modules: ReadonlyMap<string, PlanModule>;
  readonly #blocks = new Map<string, PlanBlock>();
  /** What arrives at an input of a block, inside: by the input's id there. */
  readonly #inputs = new Map<string, PlanInput>();

  constructor(plan: Plan) {
    this.#modules = new Map(plan.modules.map((module) => [module.id, module]));
    if (plan.levels) this.#look(plan.levels);
  }

  #look(level: PlanLevel): void {
    for (const step of level.steps) {
      if (step.kind === 'module') continue;
      this.#blocks.set(step.id, step);
      step.copies.forEach((copy, index) => {
        const before = step.copies[index - 1];
        for (const id of copy.inputs) {
          const port = id.slice(id.lastIndexOf('/') + 1);
          const from = before === undefined ? step.inputs[port] : Object.values(before.outputs)[0];
          if (from !== undefined) this.#inputs.set(id, from);
        }
        this.#look(copy);
      });
    }
  }

  /** The module as its own block sees it. */
  local(step: Extract<PlanStep, { kind: 'module' }>): PlanModule {
    const module = this.#modules.get(step.id);
    if (module === undefined) throw new Error(`${step.id}: no such module`);
    const inputs = Object.fromEntries(
      Object.entries(step.inputs).map(([port, wires]) => [
        port,
        wires.filter((wire) => this.#leads(wire)).map((wire) => this.source(wire)),
      ]),
    );
    return { ...module, name: module.name.split('.').at(-1) ?? module.name, inputs };
  }

  /** What leaves a block, by the module inside that gives it; a port of the level around is left as it is. */
  source(wire: PlanInput): PlanInput {
    const block = this.#blocks.get(wire.module);
    if (block === undefined) return wire;
    let copy = block.copies.length - 1;
    let inside = block.copies[copy]?.outputs[wire.port];
    // Straight through the block: what arrives at it.
    while (inside !== undefined && block.copies[copy]?.inputs.includes(inside.module)) {
      inside = this.#inputs.get(inside.module);
      copy -= 1;
    }
    return inside === undefined ? wire : this.source(inside);
  }

  /** Whether a wire comes from a module in the end: a port of a block may be left without one. */
  #leads(wire: PlanInput): boolean {
    const { module } = this.source(wire);
    const outside = this.#inputs.get(module);
    return this.#modules.has(module) || (outside !== undefined && this.#leads(outside));
  }

  typeOf(wire: PlanInput): ValueType | undefined {
    const { module, port } = this.source(wire);
    const outside = this.#inputs.get(module);
    return outside === undefined ? this.#modules.get(module)?.outputTypes[port] : this.typeOf(outside);
  }

  /** Whether something in a block reads what arrives at a port; a state to start from is read by what generates outside of `forward`. */
  reads(block: PlanBlock, port: string, generating: ReadonlySet<string>): boolean {
    const level = block.copies[0];
    const id = level?.inputs.find((input) => input.endsWith(`/${port}`));
    if (level === undefined || id === undefined) return false;
    const isRead = (wire: PlanInput): boolean => wire.module === id;
    if (Object.values(level.outputs).some(isRead)) return true;
    return level.steps.some((step) =>
      step.kind === 'block'
        ? Object.entries(step.inputs).some(([inner, wire]) => isRead(wire) && this.reads(step, inner, generating))
        : Object.entries(step.inputs).some(
            ([input, wires]) => wires.some(isRead) && !(input === 'initial' && generating.has(step.id)),
          ),
    );
  }
}

/** What runs outside of all blocks, in order: modules and blocks. */
export const stepsOf = (plan: Plan): readonly PlanStep[] =>
  plan.levels?.steps ?? plan.modules.map(({ id, inputs }) => ({ kind: 'module', id, inputs }));

/** Variables that the model's own methods take for its modules. */
export const namesIn = (plan: Plan): Set<string> =>
  new Set(plan.modules.filter(outsideBlocks).map(({ name }) => variableName(name)));

/** The modules of a step, at any depth. */
export const modulesIn = (step: PlanStep): readonly string[] =>
  step.kind === 'module' ? [step.id] : step.copies.flatMap(({ steps }) => steps.flatMap(modulesIn));
