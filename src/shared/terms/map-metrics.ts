import type {
  AgreementMetricName,
  FlippingMetricName,
  SanityMetricName,
  SparsenessMetricName,
  StrokeMetricName,
} from '../names.ts'
import { ADEBAYO, HEATPROOF, type Term } from './term.ts'

const ARRAS =
  'L. Arras, A. Osman and W. Samek, CLEVR-XAI: a benchmark dataset for the ground truth evaluation of neural network explanations, Information Fusion 81, 2022'
const SAMEK =
  'W. Samek et al., Evaluating the visualization of what a deep neural network has learned, IEEE TNNLS 28, 2017'

type MapMetricName =
  StrokeMetricName | SparsenessMetricName | FlippingMetricName | AgreementMetricName | SanityMetricName

const TEXTS: Record<MapMetricName, Pick<Term, 'title' | 'sentence' | 'formula' | 'source'>> = {
  mass_accuracy: {
    title: 'Relevance mass accuracy',
    sentence:
      'The part of the positive relevance that lies on the strokes of the majority items; a stroke is a pixel of grey value 64 or more of 255, and without strokes it is undefined.',
    formula: 'sum of max(R, 0) over strokes / sum of max(R, 0)   (uniform map: strokes / pixels)',
    source: ARRAS,
  },
  mass_accuracy_signed: {
    title: 'Relevance mass accuracy (signed)',
    sentence:
      'The same with signed sums, which can leave [0, 1] where relevance is negative; that is marked and never clipped.',
    formula: 'sum of R over strokes / sum of R',
    source: ARRAS,
  },
  rank_accuracy: {
    title: 'Relevance rank accuracy',
    sentence:
      'As many pixels of the largest relevance as there are strokes of the majority items, and the part of them that are strokes; signed values, ties by pixel number.',
    formula: '|top K pixels ∩ strokes| / K,  K = number of strokes',
    source: ARRAS,
  },
  pointing_game: {
    title: 'Pointing game',
    sentence:
      'Whether the pixel of the largest relevance is a stroke of a majority item: 1 or 0; signed values, ties by pixel number.',
    formula: '1 where argmax R is a stroke, else 0',
    source: 'J. Zhang et al., Top-down neural attention by excitation backprop, IJCV 126, 2018',
  },
  stroke_auc: {
    title: 'ROC-AUC against strokes',
    sentence:
      'The probability that a stroke of a majority item has more relevance than another pixel, with ties counting half: 1/2 for a uniform map, and unchanged by anything that keeps the order of the pixels.',
    formula: '(sum of the mid-ranks of the strokes − K (K + 1) / 2) / (K (pixels − K))',
    source: 'H. B. Mann and D. R. Whitney, Annals of Mathematical Statistics 18, 1947',
  },
  gini: {
    title: 'Gini sparseness',
    sentence:
      'How unequally the absolute relevance is spread over the pixels: 0 for a uniform map, nearly 1 when one pixel has it all; it does not say whether that pixel is the right one.',
    formula: 'sum_i (2 i − n − 1) a_i / (n sum_i a_i),  a_i = the i-th smallest |R|',
    source:
      'N. Hurley and S. Rickard, Comparing measures of sparsity, IEEE Trans. Information Theory 55, 2009',
  },
  entropy: {
    title: 'Entropy',
    sentence:
      'How widely the absolute relevance is spread, in nats: ln n for a uniform map of n pixels, 0 when one pixel has it all.',
    formula: '− sum_i p_i ln p_i,  p_i = |R_i| / sum |R|',
    source: 'C. E. Shannon, Bell System Technical Journal 27, 1948',
  },
  aopc_morf: {
    title: 'AOPC, most relevant first',
    sentence:
      'How far the explained logit falls on average while patches of 4 x 4 pixels turn black, those with the largest sum of relevance first: the higher, the more the model needs what the map shows.',
    formula: 'mean over k = 0 .. L of (f(x) − f(x_k)),  L = 20, ties by patch number',
    source: SAMEK,
  },
  aopc_lerf: {
    title: 'AOPC, least relevant first',
    sentence:
      'The same with the smallest sums of relevance first: the lower, the less the model needs what the map leaves out.',
    formula: 'mean over k = 0 .. L of (f(x) − f(x_k)),  L = 20, ties by patch number',
    source: SAMEK,
  },
  aopc_random: {
    title: 'AOPC, random order',
    sentence:
      'The same with patches in a seeded random order, which does not look at the map: what the other two are compared with.',
    formula: 'mean over k = 0 .. L of (f(x) − f(x_k)),  L = 20',
    source: SAMEK,
  },
  spearman: {
    title: 'Spearman correlation of two maps',
    sentence:
      'Whether two maps of a sample put the pixels in the same order: the correlation of their ranks, where equal values share the mean of their ranks; undefined for a constant map.',
    formula: 'Pearson correlation of the mid-ranks of all pixels',
    source: 'C. Spearman, American Journal of Psychology 15, 1904',
  },
  spearman_absolute: {
    title: 'Spearman correlation of two absolute maps',
    sentence:
      'Whether two maps of a sample rank the pixels alike by how much relevance they have, whatever its sign; undefined where an absolute map is constant.',
    formula: 'Spearman correlation of |R| and |R′|',
    source: ADEBAYO,
  },
  pearson: {
    title: 'Pearson correlation of two maps',
    sentence:
      'Whether two maps of a sample rise and fall together over all pixels, by signed values; undefined for a constant map.',
    formula: 'covariance / (standard deviation · standard deviation)',
    source: 'K. Pearson, Proceedings of the Royal Society 58, 1895',
  },
  top_overlap: {
    title: 'Overlap of the largest pixels',
    sentence:
      'The part of the k pixels of the largest relevance that two maps of a sample have in common; a tenth of the pixels by default, ties by pixel number.',
    formula: '|top k of A ∩ top k of B| / k   (unrelated maps: about k / pixels)',
    source: HEATPROOF,
  },
  ssim: {
    title: 'Structural similarity of two maps',
    sentence:
      'Whether two maps of a sample have the same local brightness, contrast and structure, each map divided by its largest absolute value first; the mean over all windows of 11 x 11 pixels inside the map.',
    formula:
      '(2 μa μb + C1)(2 σab + C2) / ((μa² + μb² + C1)(σa² + σb² + C2)), Gaussian weights σ = 1.5, C1 = (.01 L)², C2 = (.03 L)², L = 1, or 2 with negative values',
    source:
      'Z. Wang et al., Image quality assessment: from error visibility to structural similarity, IEEE TIP 13, 2004',
  },
}

export const MAP_METRIC_TERMS: Term[] = Object.entries(TEXTS).map(([name, text]) => ({
  name,
  kind: 'metric',
  ...text,
}))
