import type { MetricName } from './names.ts'

/** What people read of a named figure, and what of it may be chosen. */
export interface FigureText {
  title: string
  sentence: string
  /** The metric that it draws unless another is chosen; null: it draws what it draws. */
  metric: MetricName | null
}

/** The figures of the field, by the names that command line, engine and screen share. */
export const FIGURE_TEXTS = {
  metrics: {
    title: 'Metric by method',
    sentence: 'The mean of any metric by method, one line an architecture, one panel a data set.',
    metric: 'capped_percentage',
  },
  'gb-gates': {
    title: 'Gates and guidance',
    sentence:
      'Deep against R-LSTM by sa, sa_const_gates, gb_raw_gates and gb, with paired differences that tell the effect of constant gates from that of guidance.',
    metric: 'capped_percentage',
  },
  capped: {
    title: 'Capped percentage',
    sentence: 'The plain percentage by method, and beside it the percentage capped at τ.',
    metric: null,
  },
  dominance: {
    title: 'Dominated maps',
    sentence:
      'The maps from which the cap takes the most: the percentage rates them best, and the cap worst.',
    metric: null,
  },
  lateral: {
    title: 'Lateral connections',
    sentence: 'ConvDeep against Conv+Deep by method, and the paired differences between them.',
    metric: 'capped_percentage',
  },
  cosine: {
    title: 'Cosine similarity',
    sentence: 'The cosine similarity of all architectures by all methods.',
    metric: null,
  },
  distribution: {
    title: 'Distribution',
    sentence: 'How the values of a metric are spread: a violin, the quartiles and the median of each method.',
    metric: 'capped_percentage',
  },
  'dominance-rate': {
    title: 'Dominance rate',
    sentence:
      'The share of maps with single-item dominance: by verdicts where reviewers have decided, by the calibrated metric elsewhere.',
    metric: null,
  },
  position: {
    title: 'Relevance by position',
    sentence:
      'The share of the relevance on the first, second, … item of a sequence: recency bias shows at the right.',
    metric: null,
  },
  'out-of-range': {
    title: 'Out of range',
    sentence:
      'The share of maps of signed methods whose percentage leaves [0, 1], and the percentage of the positive part beside it.',
    metric: null,
  },
} as const satisfies Record<string, FigureText>

export type FigureName = keyof typeof FIGURE_TEXTS
export const FIGURE_NAMES = Object.keys(FIGURE_TEXTS) as FigureName[]

/** The files that a figure is written as. */
export const FIGURE_FORMATS = ['png', 'svg', 'csv'] as const
export type FigureFormat = (typeof FIGURE_FORMATS)[number]

/** Titles of the quantities that figures draw and that are no metrics. */
export const QUANTITY_TITLES: Readonly<Record<string, string>> = {
  share_out_of_range: 'share of maps out of range',
  dominance_rate: 'share of maps with single-item dominance',
  position_share: 'share of the positive relevance',
}
