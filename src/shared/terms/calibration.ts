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
    formula:
      'chosen at the chosen τ by Youden’s J, by a cost ratio or by a maximal miss rate; ties to the θ that predicts fewer failures',
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
    sentence:
      'How far a threshold is above guessing; unless another rule is asked for, θ is where it is largest.',
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
    formula:
      '2.5th and 97.5th percentile of 2,000 bootstrap resamples by base sequence; of a ROC-AUC: logit of the value ± 1.96 standard deviations of the resampled logits',
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
  {
    name: 'cost_ratio',
    kind: 'calibration',
    title: 'Cost ratio',
    sentence:
      'How many false alarms one missed failure is worth; θ is then where the expected cost is least, which depends on how many maps fail.',
    formula: 'θ that minimises ratio · (weight of missed failures) + (weight of accepted maps condemned)',
    source: 'C. Elkan, The foundations of cost-sensitive learning, IJCAI, 2001',
  },
  {
    name: 'miss_rate',
    kind: 'calibration',
    title: 'Maximal miss rate',
    sentence:
      'θ is set so that at most this share of the failing maps of further sequences is missed, on average over sets of flags like this one; too few flags for the rate are refused.',
    formula:
      'split conformal: with n sequences of one flag each, just beyond the ⌈(n + 1)(1 − rate)⌉-th of their values; sequences weigh by inverse draw probability, a further one as much as the heaviest',
    source:
      'V. Vovk et al., Algorithmic Learning in a Random World, 2005; R. J. Tibshirani et al., NeurIPS, 2019',
  },
  {
    name: 'holm',
    kind: 'calibration',
    title: 'p after Holm’s correction',
    sentence:
      'How likely a difference to the best metric this large would be by chance, corrected for the number of metrics that are compared; below 0.05 the two are told apart.',
    formula:
      'p = 2 · (1 + resamples on the other side of 0) / (1 + resamples), never below 2 / (1 + resamples); the k-th smallest of m times m − k + 1, made rising',
    source: 'S. Holm, Scandinavian Journal of Statistics 6(2), 1979',
  },
  {
    name: 'stale',
    kind: 'calibration',
    title: 'Newer verdicts',
    sentence:
      'A calibration stays as it was fitted; it counts how many verdicts were given, changed or withdrawn since that would be part of it, were it fitted again.',
    formula: null,
    source: HEATPROOF,
  },
  {
    name: 'reproduction',
    kind: 'calibration',
    title: 'Made again',
    sentence:
      'A version is fitted again from the verdicts, seed and rule of its row, and the two are compared byte by byte; where they differ, the fields are named.',
    formula: null,
    source: HEATPROOF,
  },
  {
    name: 'cohen_kappa',
    kind: 'calibration',
    title: 'Cohen’s kappa',
    sentence:
      'Agreement of two reviewers beyond what their own frequencies would give by chance: 1 is full agreement, 0 is chance.',
    formula: 'κ = (observed − expected) / (1 − expected), expected = Σ p₁(c) · p₂(c)',
    source: 'J. Cohen, Educational and Psychological Measurement 20(1), 1960',
  },
  {
    name: 'fleiss_kappa',
    kind: 'calibration',
    title: 'Fleiss’ kappa',
    sentence: 'Agreement of several reviewers beyond chance, over the maps that all of them decided.',
    formula: 'κ = (mean agreement of pairs − Σ p(c)²) / (1 − Σ p(c)²)',
    source: 'J. L. Fleiss, Psychological Bulletin 76(5), 1971',
  },
  {
    name: 'krippendorff_alpha',
    kind: 'calibration',
    title: 'Krippendorff’s alpha',
    sentence: 'Agreement beyond chance of any number of reviewers, who need not have decided the same maps.',
    formula: 'α = 1 − observed disagreement / disagreement of all pairs of ratings',
    source: 'K. Krippendorff, Content Analysis, 2004',
  },
  {
    name: 'gwet_ac1',
    kind: 'calibration',
    title: 'Gwet’s AC1',
    sentence:
      'Agreement beyond chance with a chance that stays small where one answer is rare, so that it does not collapse there.',
    formula: 'AC1 = (observed − expected) / (1 − expected), expected = Σ p(c)(1 − p(c)) / (categories − 1)',
    source: 'K. L. Gwet, British Journal of Mathematical and Statistical Psychology 61(1), 2008',
  },
  {
    name: 'specific_agreement',
    kind: 'calibration',
    title: 'Specific agreement',
    sentence:
      'When one reviewer gives this answer, how likely another one gives it too: once for the positive answer (fail, or flagged), once for the negative one.',
    formula: '2 · both / (2 · both + one alone), over all pairs of ratings',
    source: 'R. L. Spitzer, J. L. Fleiss, British Journal of Psychiatry 125, 1974',
  },
  {
    name: 'raw_agreement',
    kind: 'calibration',
    title: 'Raw agreement',
    sentence:
      'The share of pairs of ratings of a map that are the same, a mean over the maps with two or more; chance is not taken off.',
    formula: null,
    source: HEATPROOF,
  },
  {
    name: 'rare_class_paradox',
    kind: 'calibration',
    title: 'Paradox of the rare class',
    sentence:
      'Where one answer is rare, nearly all ratings agree and kappa or alpha is low all the same, since chance alone agrees nearly as often; specific agreement and AC1 then say more.',
    formula: null,
    source: 'A. R. Feinstein, D. V. Cicchetti, Journal of Clinical Epidemiology 43(6), 1990',
  },
]
