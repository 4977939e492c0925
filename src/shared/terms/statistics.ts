import type { Term } from './term.ts'

const RAW: Omit<Term, 'kind'>[] = [
  {
    name: 'paired_t',
    title: 'Paired t test',
    sentence:
      'Whether the mean difference of two methods or architectures on the same folds or sequences is 0; two-sided, undefined for one pair or for differences that are all the same.',
    formula: 't = mean(d) / (sd(d) / sqrt(n)),  n − 1 degrees of freedom',
    source: 'Student, Biometrika 6(1), 1908',
  },
  {
    name: 'wilcoxon',
    title: 'Wilcoxon signed-rank test',
    sentence:
      'Whether the differences of pairs lie symmetrically about 0, by the ranks of their sizes: for up to 50 pairs p is exact, also with ties, beyond it comes from the normal distribution.',
    formula:
      'W = min(sum of the ranks of d > 0, sum of the ranks of d < 0); d = 0 is left out, equal sizes share their mean rank',
    source: 'F. Wilcoxon, Biometrics Bulletin 1(6), 1945',
  },
  {
    name: 'tukey_hsd',
    title: 'Tukey’s HSD',
    sentence:
      'After a one-way analysis of variance, the chance of a difference as large between any two of the groups if all had one mean; it takes all values as independent.',
    formula: 'q = |mean_i − mean_j| / sqrt(MS_within / 2 · (1 / n_i + 1 / n_j)), studentized range',
    source: 'J. W. Tukey, The problem of multiple comparisons, 1953; C. Y. Kramer, Biometrics 12(3), 1956',
  },
  {
    name: 'cliffs_delta',
    title: 'Cliff’s delta',
    sentence:
      'How much more often a value of A is larger than one of B than smaller: 1 always larger, 0 neither, −1 always smaller.',
    formula: '(count of a > b − count of a < b) / (n_A · n_B)',
    source: 'N. Cliff, Psychological Bulletin 114(3), 1993',
  },
  {
    name: 'wilson_interval',
    title: 'Wilson interval',
    sentence:
      'The interval of a share of maps, on the effective number of independent maps, since maps of one sequence depend on each other; it stays in [0, 1], and none of ten is not taken for none at all.',
    formula:
      '(p + z²/2n ± z sqrt(p(1 − p)/n + z²/4n²)) / (1 + z²/n),  n = p(1 − p) / variance over sequences',
    source: 'E. B. Wilson, JASA 22(158), 1927',
  },
]

export const STATISTIC_TERMS: readonly Term[] = RAW.map((term) => ({ ...term, kind: 'concept' }))
