import type { Plan } from './plan.ts';

/**
 * Modules that run again for every token while a sequence is generated: those that depend on what was said so far. The rest (an
 * encoder) runs once. All modules of a language model generate; other tasks have none.
 *
 * @returns ids
 */
export function generatingPart(plan: Plan): ReadonlySet<string> {
  const source = { 'sequence-to-sequence': 'target-input', 'language-model': 'token-input' } as const;
  const start = plan.task === 'sequence-to-sequence' || plan.task === 'language-model' ? source[plan.task] : null;
  const generating = new Set<string>();
  for (const module of plan.modules) {
    const reads = Object.values(module.inputs).flat();
    if (module.kind === start || reads.some((wire) => generating.has(wire.module))) generating.add(module.id);
  }
  return generating;
}
