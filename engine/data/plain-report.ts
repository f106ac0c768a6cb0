import type { DataReport } from '../protocol/data.ts';
import type { DataEncoding, PreparedData } from './dataset.ts';
import type { RowLog } from './row-log.ts';

/** Rows that a report shows at most. */
const shownBadRows = 50;

/** What every report says; of what only some data has, that there is none. */
export function plainReport(
  { binding, facts, fingerprint }: Pick<DataEncoding, 'binding' | 'facts' | 'fingerprint'>,
  splits: PreparedData['splits'],
  log: Pick<RowLog, 'count' | 'rows'> | null,
): Omit<DataReport, 'lengths' | 'baseline' | 'warnings'> {
  return {
    key: fingerprint,
    fingerprint,
    task: binding.task,
    facts,
    counts: { train: splits.train.count, validation: splits.validation.count, test: splits.test.count },
    classes: [],
    truncated: 0,
    empty: 0,
    outOfVocabulary: null,
    frequentTokens: [],
    leakage: { count: 0, examples: [] },
    imbalance: null,
    badRowCount: log?.count ?? 0,
    badRows: log?.rows.slice(0, shownBadRows) ?? [],
  };
}
