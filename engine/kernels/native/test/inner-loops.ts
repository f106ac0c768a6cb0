/**
 * The loops without a branch inside, in a disassembly for ARM.
 *
 * @param text of `objdump -d --no-show-raw-insn`
 * @returns for each loop its instructions with their operands, e.g. `fmla\tv0.4s, v1.4s, v2.s[0]`.
 */
export function innerLoops(text: string): string[][] {
  const loops: string[][] = [];
  // Since the last branch or the start of a function: what a loop without branches may consist of.
  let straight: { readonly address: string; readonly instruction: string }[] = [];
  for (const line of text.split('\n')) {
    const [, address, instruction] = /^\s*([0-9a-f]+):\s+(.*)$/.exec(line) ?? [];
    if (address === undefined || instruction === undefined) {
      straight = [];
      continue;
    }
    straight.push({ address, instruction });
    const branch = /^(?:b|b\.\w+|cbn?z|tbn?z|ret)\b(?:.*?\b([0-9a-f]+) <)?/.exec(instruction);
    if (branch === null) continue;
    const start = straight.findIndex((one) => one.address === branch[1]);
    if (start >= 0) loops.push(straight.slice(start).map((one) => one.instruction));
    straight = [];
  }
  return loops;
}
