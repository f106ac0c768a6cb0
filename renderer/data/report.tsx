import type { DataReport } from '../../engine/protocol/data.ts';
import { formatMetric, formatNumber, metricTitle } from '../training/metric-format.ts';
import { visibleToken } from '../ui/visible-token.ts';
import { ClassHistogram } from './class-histogram.tsx';
import { Findings } from './findings.tsx';
import { LengthHistogram } from './length-histogram.tsx';
import './report.css';

const count = (n: number): string => n.toLocaleString('en');

/** What is in the prepared data, and what deserves a second look. */
export function Report({ report }: { readonly report: DataReport }) {
  const { counts, facts, baseline } = report;
  const total = counts.train + counts.validation + counts.test;
  return (
    <section className="report" aria-label="Report">
      <dl className="report__figures">
        <Figure
          label={`examples · ${count(counts.train)} train, ${count(counts.validation)} validation, ${count(counts.test)} test`}
        >
          {count(total)}
        </Figure>
        {facts.vocabulary !== null && <Figure label="tokens in the vocabulary">{count(facts.vocabulary)}</Figure>}
        {facts.classes !== null && (
          <Figure
            label={report.targets ? 'tokens in the target vocabulary' : report.task === 'step-tagging' ? 'tags' : 'classes'}
          >
            {count(facts.classes)}
          </Figure>
        )}
        {facts.features !== null && (
          <Figure label={facts.features === 1 ? 'number per step' : 'numbers per step'}>{count(facts.features)}</Figure>
        )}
        {report.outOfVocabulary && (
          <Figure
            label={`of validation tokens not in the vocabulary · test ${formatMetric('precision', report.outOfVocabulary.test)}`}
          >
            {formatMetric('precision', report.outOfVocabulary.validation)}
          </Figure>
        )}
        {report.targets && (
          <Figure
            label={`of validation target tokens not in their vocabulary · test ${formatMetric('precision', report.targets.outOfVocabulary.test)}`}
          >
            {formatMetric('precision', report.targets.outOfVocabulary.validation)}
          </Figure>
        )}
        <Figure label={`${metricTitle(baseline.metric)} to beat · ${baseline.name} baseline`}>
          {formatMetric(baseline.metric, baseline.value)}
        </Figure>
      </dl>
      <Findings report={report} />
      <div className="report__charts">
        {report.classes.length > 0 && <ClassHistogram report={report} />}
        <LengthHistogram lengths={report.lengths} title={facts.features === null ? 'Length in tokens' : 'Length in steps'} />
        {report.frequentTokens.length > 0 && <FrequentTokens tokens={report.frequentTokens} title="Most frequent tokens" />}
        {report.targets && <LengthHistogram lengths={report.targets.lengths} title="Length of the target in tokens" />}
        {report.targets && <FrequentTokens tokens={report.targets.frequentTokens} title="Most frequent target tokens" />}
      </div>
    </section>
  );
}

function Figure({ label, children }: { readonly label: string; readonly children: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface FrequentTokensProps {
  readonly tokens: DataReport['frequentTokens'];
  readonly title: string;
}

function FrequentTokens({ tokens, title }: FrequentTokensProps) {
  return (
    <section className="data-card" aria-label={title}>
      <h3>{title}</h3>
      <ul className="report__tokens">
        {tokens.slice(0, 40).map(({ token, count: times }) => (
          <li key={token} title={`${token}: ${count(times)} times`}>
            {visibleToken(token)} <span>{times >= 1000 ? `${formatNumber(times / 1000, 1)}k` : times}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
