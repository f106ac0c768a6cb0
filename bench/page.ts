import { goals } from './goals.ts';
import { peerNames } from './peer.ts';
import { barPlot, escapeText, figure } from './plot.ts';
import { isBusy, peerColumns, peerOf, type ResultRow, type Results, ratio, titleOf } from './results.ts';
import { backendsOf, summaryLines } from './summary.ts';

const style = `
:root { color-scheme: light dark; --text: #1b1f24; --muted: #57606a; --line: #d0d7de; --page: #fff; --good: #116329; --bad: #a40e26;
  --s0: #0a6bd6; --s1: #c2500b; --s2: #7a4fc4; --s3: #5f7a12; --s4: #b3246e; --s5: #0d7d84; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --muted: #9aa5b1; --line: #30363d; --page: #0f141a; --good: #56d364;
  --bad: #ff8f87; --s0: #58a6ff; --s1: #f0883e; --s2: #b794f6; --s3: #a5c23d; --s4: #f778ba; --s5: #4cc9d1; } }
body { margin: 2rem auto; max-width: 1000px; padding: 0 1rem; font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 3px 8px; border-bottom: 1px solid var(--line); text-align: right; } th:first-child, td:first-child { text-align: left; }
td.words, th.words { text-align: left; } .muted, figcaption { color: var(--muted); } .met { color: var(--good); } .missed { color: var(--bad); }
.scroll { overflow-x: auto; } svg { width: 100%; height: auto; font: 11px system-ui, sans-serif; } svg text { fill: var(--text); }
svg .value { fill: var(--muted); } svg .mark { stroke: var(--muted); stroke-dasharray: 4 3; }
.series0 { fill: var(--s0); } .series1 { fill: var(--s1); } .series2 { fill: var(--s2); } .series3 { fill: var(--s3); } .series4 { fill: var(--s4); } .series5 { fill: var(--s5); }
.key { display: inline-block; width: .8em; height: .8em; margin: 0 .4em 0 1em; } figure { margin: 1rem 0; }
`;

const columns = ['unroll_ms', ...peerColumns, 'unroll_bfloat16_ms'] as const;
const columnNames = [peerNames.unroll, ...peerColumns.map((column) => peerNames[peerOf[column]]), peerNames.unroll_bfloat16];
const backendTitles = { tensorflow: 'Native TensorFlow', wasm: 'WebAssembly', webgpu: 'WebGPU' } as const;

/** The results as one HTML file that needs nothing else. */
export function page(results: Results): string {
  const { machine, rows } = results;
  const sections = backendsOf(rows).map((backend) =>
    section(
      backend,
      rows.filter((row) => row.backend === backend),
    ),
  );
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Unroll benchmark</title>
<style>${style}</style></head><body>
<h1>Unroll benchmark</h1>
<p>${escapeText(machine.processor)} · ${machine.cores} cores, ${machine.threads} threads for each · ${escapeText(machine.system)} · ${escapeText(machine.date)}<br>
${escapeText(versions.join(' · '))}<br>
Matrix products: ${figure(machine.sgemm_gflops)} GFLOP/s (1024³, float32)</p>
<p class="muted">Medians of steps taken in turn, in one run. The floor is the time of the recurrent layers’ matrix products alone at that rate. Every peer starts from the same weights, and its losses were compared.</p>
${isBusy(machine) ? `<p class="missed">The machine was busy: other work took ${(100 * machine.other_work).toFixed(0)} % of its cores. Measure again on an idle one.</p>` : ''}
<h2>Summary</h2>
<ul>${summaryLines(results)
    .map((line) => `<li>${escapeText(line)}</li>`)
    .join('')}</ul>
${goalTable(results)}
${sections.join('\n')}
${memoryTable(results)}
${profileTables(results)}
${list('Failed, and not reported', results.failures)}
${list('Not measured', results.notes)}
</body></html>
`;
}

function list(title: string, lines: readonly string[]): string {
  const items = lines.map((line) => `<li>${escapeText(line)}</li>`).join('');
  return items === '' ? '' : `<h2>${title}</h2><ul>${items}</ul>`;
}

function goalTable(results: Results): string {
  const lines = goals(results).map(({ goal, found, met }) => {
    const verdict = met === null ? '–' : met ? '<span class="met">met</span>' : '<span class="missed">not met</span>';
    return `<tr><td>${escapeText(goal)}</td><td class="words">${escapeText(found)}</td><td>${verdict}</td></tr>`;
  });
  return `<table><tr><th>Goal</th><th class="words">Found</th><th></th></tr>${lines.join('')}</table>`;
}

function section(backend: ResultRow['backend'], rows: readonly ResultRow[]): string {
  const keys = columnNames.map(
    (name, index) => `<span class="key series${index}" style="background:var(--s${index})"></span>${name}`,
  );
  const label = (row: ResultRow): string => titleOf(row).slice(backend.length + 1);
  const speeds = rows.map((row) => ({ label: label(row), values: [null, ...peerColumns.map((column) => ratio(row, column))] }));
  const floors = rows.map((row) => ({ label: label(row), values: [(100 * row.floor_ms) / row.unroll_ms] }));
  const cells = rows.map((row) => {
    const times = columns.map((column) => `<td>${row[column] === null ? '–' : figure(row[column])}</td>`);
    const ratios = peerColumns
      .map((column) => ratio(row, column))
      .map((value) => `<td>${value === null ? '–' : value.toFixed(2)}</td>`);
    const reached = `<td>${figure(row.floor_ms)}</td><td>${((100 * row.floor_ms) / row.unroll_ms).toFixed(0)} %</td>`;
    return `<tr><td>${escapeText(label(row))}</td>${times.join('')}${ratios.join('')}${reached}</tr>`;
  });
  const titles = [
    ...columnNames.map((name) => `${name}, ms`),
    ...peerColumns.map((column) => `${peerNames[peerOf[column]]} / Unroll`),
  ];
  const heads = ['Row', ...titles, 'floor, ms', 'of floor'].map((name) => `<th>${name}</th>`);
  return `<h2>${backendTitles[backend]}</h2>
<figure><figcaption>Times faster than ${keys.slice(1, -1).join('')} (1 is equal)</figcaption>${barPlot(speeds, '×', 1)}</figure>
<figure><figcaption>Share of the floor’s speed that Unroll reaches, %</figcaption>${barPlot(floors, '%', 100)}</figure>
<div class="scroll"><table><tr>${heads.join('')}</tr>${cells.join('')}</table></div>`;
}

function memoryTable({ memory }: Results): string {
  if (memory.length === 0) return '';
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  const lines = memory.map(
    ({ row, peer, startBytes, peakBytes }) =>
      `<tr><td>${escapeText(row)}</td><td>${peerNames[peer]}</td><td>${mb(peakBytes)}</td><td>${mb(peakBytes - startBytes)}</td></tr>`,
  );
  return `<h2>Memory peak</h2><table><tr><th>Row</th><th>Peer</th><th>Peak of the process</th><th>Above the loaded library</th></tr>${lines.join('')}</table>`;
}

function profileTables({ profiles }: Results): string {
  if (profiles.length === 0) return '';
  const tables = profiles.map(({ row, kernels }) => {
    const total = kernels.reduce((sum, { ms }) => sum + ms, 0);
    const lines = kernels
      .slice(0, 8)
      .map(
        ({ name, ms }) =>
          `<tr><td>${escapeText(name)}</td><td>${figure(ms)}</td><td>${((100 * ms) / total).toFixed(0)} %</td></tr>`,
      );
    return `<h3>${escapeText(row)}</h3><table><tr><th>Kernel</th><th>ms</th><th>share</th></tr>${lines.join('')}</table>`;
  });
  return `<h2>Rows that fall short: where Unroll’s time goes</h2>${tables.join('')}`;
}
