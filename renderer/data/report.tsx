import type { DataReport } from '../../engine/protocol/data.ts';
import { formatMetric, formatNumber, metricTitle } from '../training/metric-format.ts';
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
          <Figure label={report.task === 'step-tagging' ? 'tags' : 'classes'}>{count(facts.classes)}</Figure>
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
        <Figure label={`${metricTitle(baseline.metric)} to beat · ${baseline.name} baseline`}>
          {formatMetric(baseline.metric, baseline.value)}
        </Figure>
      </dl>
      <Findings report={report} />
      <div className="report__charts">
        {report.classes.length > 0 && <ClassHistogram report={report} />}
        {report.task !== 'forecasting' && <LengthHistogram lengths={report.lengths} title="Length in tokens" />}
        {report.frequentTokens.length > 0 && <FrequentTokens tokens={report.frequentTokens} />}
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

function FrequentTokens({ tokens }: { readonly tokens: DataReport['frequentTokens'] }) {
  return (
    <section className="data-card" aria-label="Frequent tokens">
      <h3>Most frequent tokens</h3>
      <ul className="report__tokens">
        {tokens.slice(0, 40).map(({ token, count: times }) => (
          <li key={token} title={`${token}: ${count(times)} times`}>
            {token === ' ' ? '␣' : token} <span>{times >= 1000 ? `${formatNumber(times / 1000, 1)}k` : times}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
