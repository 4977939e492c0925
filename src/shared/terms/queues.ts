import { HEATPROOF, type Term } from './term.ts'

const RAW: Omit<Term, 'kind' | 'source'>[] = [
  {
    name: 'worst_first',
    title: 'Worst first',
    sentence: 'The queue begins with the maps that the metric finds worst.',
    formula: null,
  },
  {
    name: 'best_first',
    title: 'Best first',
    sentence: 'The queue begins with the maps that the metric finds best.',
    formula: null,
  },
  {
    name: 'random_order',
    title: 'All at random',
    sentence: 'Every map that the filters let through comes with the same probability.',
    formula: 'p = maps in the queue / maps that match',
  },
  {
    name: 'uncertain',
    title: 'Most uncertain first',
    sentence:
      'The queue begins with the maps whose metric is nearest to the threshold, where a verdict teaches the most.',
    formula: '|value − θ| ascending; the median of the values where no θ is active for the metric',
  },
  {
    name: 'dominance_candidates',
    title: 'Dominance candidates',
    sentence: 'The queue begins with the maps whose majority relevance lies most on a single item.',
    formula: 'dominance descending',
  },
  {
    name: 'reviewers_disagree',
    title: 'Reviewers disagree',
    sentence: 'The queue begins with the maps on which the largest share of the pairs of reviewers differ.',
    formula: 'pairs with different verdicts / pairs of reviewers who decided',
  },
  {
    name: 'methods_disagree',
    title: 'Methods disagree',
    sentence:
      'The queue begins with the sequences whose maps, by the methods of one model, differ most in the metric.',
    formula: 'max − min of the metric over the methods',
  },
  {
    name: 'models_disagree',
    title: 'Models disagree',
    sentence:
      'The queue begins with the sequences whose maps, of the models by one method, differ most in the metric.',
    formula: 'max − min of the metric over the models',
  },
  {
    name: 'stratified',
    title: 'Stratified sample',
    sentence: 'As many maps of every architecture, method and data set, drawn at random and shuffled.',
    formula: 'p = maps drawn / maps that match, in each stratum',
  },
  {
    name: 'by_sequence',
    title: 'By sequence',
    sentence: 'All maps of a sequence stand together, model by model and method by method.',
    formula: null,
  },
  {
    name: 'random_share',
    title: 'Random share',
    sentence:
      'The part of a queue that is drawn at random whatever its order, so that fits from its verdicts can be unbiased.',
    formula: '20 % by default',
  },
  {
    name: 'repeat_share',
    title: 'Repeated maps',
    sentence:
      'The part of a queue that you decided before and that comes up again unannounced, to measure how far you agree with yourself.',
    formula: '5 % by default',
  },
  {
    name: 'known_answers',
    title: 'Known answers',
    sentence:
      'Maps that another reviewer accepted or failed come up as if nobody had decided, to measure how far you agree with them. Nobody drew them, so such a verdict has no probability: in a fit the map weighs by the other verdicts on it, or 1.',
    formula: 'none by default; 10 % once a reviewer is chosen',
  },
  {
    name: 'blind_queue',
    title: 'Blind queue',
    sentence:
      'A queue of whose maps the engine withholds model, method, metrics and others’ verdicts from reviewers until they have decided.',
    formula: null,
  },
  {
    name: 'colour_scale',
    title: 'Colour scale',
    sentence:
      'Own: each map up to the size below which the clip’s share of its pixels lies. Shared: the maps of a method in the queue up to the size below which the clip’s share of their largest values lies.',
    formula: 'colour = value / end of the scale, from 0, or from −1 to 1 for methods with a sign',
  },
]

/** What orders a queue, what is mixed into it, and how its maps are coloured. */
export const QUEUE_TERMS: readonly Term[] = RAW.map((term) => ({
  ...term,
  kind: 'option',
  source: HEATPROOF,
}))
