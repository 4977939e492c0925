import { HEATPROOF, type Term } from './term.ts'

const EFRON = 'B. Efron, R. Tibshirani, An Introduction to the Bootstrap, 1993'

export const CALIBRATION_TERMS: Term[] = [
  {
    name: 'tau',
    kind: 'calibration',
    title: 'τ, the cap',
    sentence:
      'The largest share that one item may contribute to the capped percentage; a calibration picks the one with which the metric agrees best with the reviewers.',
    formula: 'τ in 0.50, 0.51 … 1.00 with the largest ROC-AUC; ties to the τ nearest 0.80',
    source: HEATPROOF,
  },
  {
    name: 'theta',
    kind: 'calibration',
    title: 'θ, the threshold',
    sentence:
      'The value of the metric below which (for dominance: above which) a heatmap is predicted to fail.',
    formula: 'θ that maximises Youden’s J at the chosen τ; ties to the θ that predicts fewer failures',
    source: HEATPROOF,
  },
  {
    name: 'roc_auc',
    kind: 'calibration',
    title: 'ROC-AUC',
    sentence:
      'The probability that the metric tells a failed heatmap from an accepted one, drawn at random each: 0.5 is guessing, 1 is perfect.',
    formula: 'P(value of a failed map is worse) + ½ P(both are equal), pairs weighted by w_fail · w_accept',
    source: 'J. A. Hanley, B. J. McNeil, Radiology 143(1), 1982',
  },
  {
    name: 'roc',
    kind: 'calibration',
    title: 'ROC curve',
    sentence:
      'For every threshold the share of failed maps that it finds, against the share of accepted maps that it condemns.',
    formula: 'true positive rate = TP / (TP + FN), false positive rate = FP / (FP + TN)',
    source: 'T. Fawcett, An introduction to ROC analysis, 2006',
  },
  {
    name: 'youden',
    kind: 'calibration',
    title: 'Youden’s J',
    sentence: 'How far a threshold is above guessing; θ is where it is largest.',
    formula: 'J = true positive rate − false positive rate',
    source: 'W. J. Youden, Cancer 3(1), 1950',
  },
  {
    name: 'confusion_matrix',
    kind: 'calibration',
    title: 'Confusion matrix',
    sentence:
      'How many heatmaps the metric and the reviewers call failed or accepted, together and against each other.',
    formula: null,
    source: HEATPROOF,
  },
  {
    name: 'cross_validation',
    kind: 'calibration',
    title: 'Cross-validation',
    sentence:
      'The fit is repeated on four fifths of the sequences and measured on the remaining fifth, so that the figures are not those of the maps it was fitted to.',
    formula: '5 folds, all maps of one base sequence in the same fold',
    source: HEATPROOF,
  },
  {
    name: 'balanced_accuracy',
    kind: 'calibration',
    title: 'Balanced accuracy',
    sentence:
      'The mean of the share of failed maps that are found and the share of accepted maps that are let through; 0.5 is guessing.',
    formula: '(TP / (TP + FN) + TN / (TN + FP)) / 2',
    source: 'K. H. Brodersen et al., ICPR, 2010',
  },
  {
    name: 'mcc',
    kind: 'calibration',
    title: 'Matthews correlation',
    sentence:
      'The correlation between what the metric predicts and what the reviewers decided; 0 is guessing, 1 is perfect.',
    formula: '(TP · TN − FP · FN) / √((TP+FP)(TP+FN)(TN+FP)(TN+FN))',
    source: 'B. W. Matthews, BBA Protein Structure 405(2), 1975',
  },
  {
    name: 'interval',
    kind: 'calibration',
    title: '95 % interval',
    sentence:
      'The range that holds 95 % of the estimates when the base sequences are drawn again with replacement, many times, with a fixed seed.',
    formula: '2.5th and 97.5th percentile of 2,000 bootstrap resamples by base sequence',
    source: EFRON,
  },
  {
    name: 'difference',
    kind: 'calibration',
    title: 'Difference to the best metric',
    sentence:
      'By how much the best metric’s ROC-AUC is larger, measured on the same resamples; an interval that holds 0 means that the two cannot be told apart.',
    formula: 'AUC(best) − AUC(this), paired over resamples',
    source: EFRON,
  },
  {
    name: 'consensus',
    kind: 'calibration',
    title: 'Consensus verdict',
    sentence:
      'What the majority of the reviewers’ latest verdicts on a heatmap says; ties and “unsure” are left out and counted.',
    formula: null,
    source: HEATPROOF,
  },
  {
    name: 'weights',
    kind: 'calibration',
    title: 'Weights by inverse probability',
    sentence:
      'A verdict on a map that its queue was unlikely to draw stands for more maps, so that a queue that shows the worst first does not bend the fit.',
    formula: 'w = 1 / probability with which the queue drew the map',
    source: 'D. G. Horvitz, D. J. Thompson, JASA 47, 1952',
  },
  {
    name: 'agreement',
    kind: 'calibration',
    title: 'Agreement with the reviewers',
    sentence: 'The metrics ordered by their ROC-AUC against the consensus verdicts, with their intervals.',
    formula: null,
    source: HEATPROOF,
  },
]
