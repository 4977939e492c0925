import type { ComparedPair, ComparisonTable, Statistics } from '../../shared/contract/statistics.ts'

const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '%': '\\%',
  '#': '\\#',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '$<$',
  '>': '$>$',
  τ: '$\\tau$',
  θ: '$\\theta$',
  '−': '$-$',
  '–': '--',
}

/** Text for LaTeX, which stays text whatever a name holds. */
export function escapeLatex(text: string): string {
  return text.replace(/[\\{}$&%#_~^<>τθ−–]/g, (character) => SPECIAL[character] ?? character)
}

const HEAD = [
  'A',
  'B',
  '$n$',
  '$\\bar{A}-\\bar{B}$',
  '95\\,\\% interval',
  '$t$',
  '$p_t$',
  '$W$',
  '$p_W$',
  '$p_\\mathrm{HSD}$',
  '$\\delta$',
]

/** The comparisons as tables of LaTeX with booktabs' rules; p values of the paired tests are those after Holm. */
export function comparisonLatex({ caption, tables }: Statistics): string {
  return ['% Needs \\usepackage{booktabs}.', `% ${caption}`, ...tables.map(tableLatex), ''].join('\n')
}

function tableLatex({ title, over, anova, pairs }: ComparisonTable): string {
  const variance =
    anova === null
      ? 'The analysis of variance is undefined.'
      : `Analysis of variance: $F(${anova.betweenDegrees}, ${anova.withinDegrees}) = ${fixed(anova.f, 2)}$, $p ${equals(anova.p)}$.`
  return [
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${escapeLatex(`${title}, over ${over}.`)} ${variance}}`,
    `  \\begin{tabular}{ll${'r'.repeat(HEAD.length - 2)}}`,
    '    \\toprule',
    `    ${HEAD.join(' & ')} \\\\`,
    '    \\midrule',
    ...pairs.map((pair) => `    ${cellsOf(pair).join(' & ')} \\\\`),
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
  ].join('\n')
}

function cellsOf(pair: ComparedPair): string[] {
  const { low, high } = pair
  return [
    escapeLatex(pair.left),
    escapeLatex(pair.right),
    String(pair.pairs),
    math(pair.difference, 3),
    low === null || high === null ? UNDEFINED : `$[${fixed(low, 3)}, ${fixed(high, 3)}]$`,
    math(pair.t, 2),
    probability(pair.tHolm),
    math(pair.wilcoxon, 1),
    probability(pair.wilcoxonHolm),
    probability(pair.tukeyP),
    math(pair.cliffsDelta, 2),
  ]
}

const UNDEFINED = 'undefined'

function fixed(value: number, decimals: number): string {
  return value.toFixed(decimals)
}

function math(value: number | null, decimals: number): string {
  return value === null ? UNDEFINED : `$${fixed(value, decimals)}$`
}

function equals(p: number): string {
  return p < 0.001 ? '< 0.001' : `= ${fixed(p, 3)}`
}

function probability(p: number | null): string {
  if (p === null) return UNDEFINED
  return p < 0.001 ? '$<0.001$' : `$${fixed(p, 3)}$`
}
