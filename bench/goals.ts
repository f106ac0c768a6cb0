import { against, isBusy, type PeerColumn, type ResultRow, type Results, titleOf } from './results.ts';

/** A goal of the project beside what was found; `met` is `null` when this run cannot say. */
export interface Goal {
  readonly goal: string;
  readonly found: string;
  readonly met: boolean | null;
}

const notMeasured = 'not measured in this run';

/** Below this share of PyTorch's speed a row has fallen short. */
export const worstAllowed = 0.95;

/** On a busy machine nothing is judged but memory. */
export function goals({ machine, rows, memory }: Pick<Results, 'machine' | 'rows' | 'memory'>): Goal[] {
  const found = [...speedGoals(rows), memoryGoal(memory)];
  if (!isBusy(machine)) return found;
  return found.map((goal) => (goal === found.at(-1) || goal.met === null ? goal : notJudged(goal)));
}

const notJudged = (goal: Goal): Goal => ({ ...goal, found: `${goal.found} – not judged, the machine was busy`, met: null });

function speedGoals(rows: readonly ResultRow[]): Goal[] {
  return [
    meanGoal(rows, 'tensorflow', 'pytorch_ms', 'PyTorch, native', 1.7),
    worstGoal(rows, 'pytorch_ms', `no native row below ${worstAllowed} of PyTorch’s speed`, worstAllowed),
    meanGoal(rows, 'tensorflow', 'pytorch_bfloat16_ms', 'PyTorch in bfloat16, native in bfloat16', 1.5),
    worstGoal(rows, 'pytorch_bfloat16_ms', 'no native row in bfloat16 below PyTorch’s speed in bfloat16', 1),
    meanGoal(rows, 'tensorflow', 'keras_ms', 'Keras, native', 2),
    meanGoal(rows, 'tensorflow', 'tfjs_layers_ms', 'tfjs-layers, native', 10),
    floorGoal(rows),
    meanGoal(rows, 'wasm', 'tfjs_layers_ms', 'tfjs-layers, WASM', 3),
    meanGoal(rows, 'webgpu', 'tfjs_layers_ms', 'tfjs-layers, WebGPU', 3),
  ];
}

function worstGoal(rows: readonly ResultRow[], column: PeerColumn, goal: string, wanted: number): Goal {
  const worst = against(rows, 'tensorflow', column);
  return {
    goal,
    found: worst === null ? notMeasured : `worst ${worst.worstRatio.toFixed(2)}: ${titleOf(worst.worst)}`,
    met: worst === null ? null : worst.worstRatio >= wanted,
  };
}

function meanGoal(
  rows: readonly ResultRow[],
  backend: ResultRow['backend'],
  column: PeerColumn,
  name: string,
  wanted: number,
): Goal {
  const found = against(rows, backend, column);
  return {
    goal: `${wanted} × the speed of ${name} (geometric mean)`,
    found: found === null ? notMeasured : `${found.mean.toFixed(2)} × over ${found.rows} rows`,
    met: found === null ? null : found.mean >= wanted,
  };
}

function floorGoal(rows: readonly ResultRow[]): Goal {
  const row = rows.find(
    ({ backend, case: name, cell, directions, layers }) =>
      backend === 'tensorflow' && name === 'E128 H256 B64 T80' && cell === 'lstm' && directions === 1 && layers === 1,
  );
  const reached = row && row.floor_ms / row.unroll_ms;
  return {
    goal: '70 % of the floor for LSTM E128 H256',
    found: reached === undefined ? notMeasured : `${(reached * 100).toFixed(0)} %`,
    met: reached === undefined ? null : reached >= 0.7,
  };
}

function memoryGoal(memory: Results['memory']): Goal {
  const pairs = memory
    .filter(({ peer }) => peer === 'unroll')
    .flatMap((ours) => {
      const theirs = memory.find(({ peer, row }) => peer === 'pytorch' && row === ours.row);
      return theirs === undefined ? [] : [{ row: ours.row, share: ours.peakBytes / theirs.peakBytes }];
    })
    .sort((a, b) => b.share - a.share);
  const [worst] = pairs;
  return {
    goal: 'memory peak not above PyTorch’s',
    found: worst === undefined ? notMeasured : `at most ${worst.share.toFixed(2)} of PyTorch’s: ${worst.row}`,
    met: worst === undefined ? null : worst.share <= 1,
  };
}
