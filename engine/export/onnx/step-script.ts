import { generatingPart } from '../../compile/generating-part.ts';
import type { Plan } from '../../compile/plan.ts';
import { nextPrefix, stepFiles } from './write-steps.ts';

/** Whether the step graph tells where it looked. */
export function attends(plan: Plan): boolean {
  const generating = generatingPart(plan);
  return plan.modules.some(({ id, kind, config }) => generating.has(id) && kind === 'decoder' && config['attention'] !== 'none');
}

/** Lines that open the step graphs. */
export function stepSessions(plan: Plan): string {
  const specials = `BEGIN, END = 2, 3
NEVER_SAID = [0, 1, 2]  # <pad>, <unk>, <bos>
`;
  const endless = `if "running" in VOCABULARY:
    NEVER_SAID.append(END)  # a running text has no end
`;
  switch (plan.task) {
    case 'sequence-to-sequence':
      return `ENCODER = session("${stepFiles.encoder}")\nSTEP = session("${stepFiles.decoder}")\n${specials}`;
    case 'language-model':
      return `STEP = session("${stepFiles.language}")\n${specials}${endless}`;
    default:
      return '';
  }
}

/** Python that runs one step; the same loop is needed in any language. */
const step = `
def outputs_of(graph: onnxruntime.InferenceSession, feeds: dict) -> dict:
    """Every output of a graph, by its name."""
    return dict(zip([output.name for output in graph.get_outputs()], graph.run(None, feeds)))


def next_states(found: dict) -> dict:
    """The states after a step, under the names by which the next step takes them."""
    return {name[${nextPrefix.length} :]: value for name, value in found.items() if name.startswith("${nextPrefix}")}


def most_probable(found: dict) -> int:
    """The token that comes next in the one row."""
    log = found["log_probabilities"][0, -1].copy()
    log[NEVER_SAID] = -np.inf
    return int(log.argmax())

`;

const greedy = (attention: boolean): string => `
def greedy(feeds: dict, max_tokens: int) -> tuple[list[int], list[np.ndarray]]:
    """What one row says, always the most probable next token, <eos> left out${attention ? '; and where each token looked' : ''}."""
    given = outputs_of(ENCODER, feeds)  # states to start from, and what every step reads
    said, alignment = [], []
    last = BEGIN
    for _ in range(max_tokens):
        found = outputs_of(STEP, {"targets": np.array([[last]], dtype=np.int64), **given})
        given.update(next_states(found))
        last = most_probable(found)
        if last == END:
            break
        said.append(last)
${attention ? '        alignment.append(found["alignment"][0, 0])\n' : ''}    return said, alignment

`;

const generate = `
def generate(ids: list, max_tokens: int) -> list[int]:
    """How a text goes on after its ids, always with the most probable token, until <eos>."""
    states = {}
    for one in STEP.get_inputs()[1:]:
        layers, _, width = one.shape
        states[one.name] = np.zeros((layers, 1, width), dtype=np.float32)
    said = []
    for _ in range(max_tokens):
        found = outputs_of(STEP, {"tokens": np.array([ids], dtype=np.int64), **states})
        states = next_states(found)
        token = most_probable(found)
        if token == END:
            break
        said.append(token)
        ids = [token]
    return said

`;

/** Functions that run the step graphs. */
export function stepFunctions(plan: Plan): string {
  switch (plan.task) {
    case 'sequence-to-sequence':
      return `${step}${greedy(attends(plan))}`;
    case 'language-model':
      return `${step}${generate}`;
    default:
      return '';
  }
}

/** Lines that say one golden sequence from `row`. */
export function sequenceCheck(plan: Plan, input: 'tokens' | 'series'): string {
  const type = input === 'tokens' ? 'np.int64' : 'np.float32';
  const alignment = `
        if golden["alignment"]:
            check("alignment", np.array(alignment), golden["alignment"])`;
  return `        feeds = {"${input}": np.array([row], dtype=${type}), "lengths": np.array([len(row)], dtype=np.int64)}
        said, ${attends(plan) ? 'alignment' : '_'} = greedy(feeds, VOCABULARY["target"]["max_tokens"])
        found = [VOCABULARY["classes"][token] for token in said]
        assert found == golden["greedy"], f"greedy: expected {golden['greedy']}, got {found}"${attends(plan) ? alignment : ''}`;
}

/** Lines that check how one golden prompt goes on. */
export const generationCheck = `        found = [VOCABULARY["classes"][token] for token in generate(golden["ids"], 24)]
        assert found == golden["tokens"], f"after {golden['prompt']!r}: expected {golden['tokens']}, got {found}"`;
