import { ADEBAYO, CHORMAI, HEATPROOF, type Term } from './term.ts'

const RAW: Omit<Term, 'kind'>[] = [
  {
    name: 'target',
    title: 'Explained class',
    sentence:
      'Which logit is explained: that of the true label, of the class which the model predicts, or of one chosen class for every sequence. Figures and calibration leave maps out whose class is neither label nor prediction.',
    formula: 'f = logit of the label (default), of the prediction, or of the chosen class',
    source: HEATPROOF,
  },
  {
    name: 'seed',
    title: 'Seed',
    sentence:
      'The number from which everything random in a run follows; the same seed gives the same result on the same backend.',
    formula: null,
    source: HEATPROOF,
  },
  {
    name: 'sanity_draws',
    title: 'Draws of weights',
    sentence:
      'How many times the layers get fresh weights, each time with the next seed; the likeness is the mean over all draws, and its interval holds their spread.',
    formula: 'Var(mean) = Var over sequences + Var over draws',
    source: HEATPROOF,
  },
  {
    name: 'split',
    title: 'Split',
    sentence:
      'The part of the data: training (80 % of the official training images), validation (20 %) or the official test images.',
    formula: null,
    source: CHORMAI,
  },
  {
    name: 'fold',
    title: 'Fold',
    sentence: 'Which of the seeded divisions into training and validation part a model was trained on.',
    formula: null,
    source: CHORMAI,
  },
  {
    name: 'count',
    title: 'Sequences',
    sentence: 'How many sequences are taken; each model and each method gives one map for each of them.',
    formula: 'maps = sequences × models × methods',
    source: HEATPROOF,
  },
  {
    name: 'steps',
    title: 'Steps T',
    sentence: 'In how many steps the network reads the sequence from left to right.',
    formula: '84 / T columns a step; T = 12: 7 columns, 4 steps an item',
    source: CHORMAI,
  },
  {
    name: 'epochs',
    title: 'Epochs',
    sentence: 'How many times training goes through its sequences.',
    formula: null,
    source: HEATPROOF,
  },
  {
    name: 'batch',
    title: 'Batch',
    sentence: 'How many sequences one training step sees.',
    formula: null,
    source: HEATPROOF,
  },
  {
    name: 'learning_rate',
    title: 'Learning rate',
    sentence: 'The step size of Adam at the start; it falls along half a cosine to the final learning rate.',
    formula: 'lr(t) = final + (start − final) · (1 + cos π t) / 2,  t from 0 to 1',
    source: 'D. P. Kingma, J. Ba, Adam, 2015; I. Loshchilov, F. Hutter, SGDR, 2017',
  },
  {
    name: 'final_learning_rate',
    title: 'Final learning rate',
    sentence: 'Where the learning rate ends; equal to the learning rate, it stays constant.',
    formula: null,
    source: 'I. Loshchilov, F. Hutter, SGDR, 2017',
  },
  {
    name: 'dropout_keep',
    title: 'Dropout, kept share',
    sentence: 'The probability with which an activation is kept while training; 1 turns dropout off.',
    formula: 'a · mask / keep, mask ~ Bernoulli(keep)',
    source: 'N. Srivastava et al., JMLR 15, 2014',
  },
  {
    name: 'stationary_dropout',
    title: 'Stationary dropout (-SD)',
    sentence: 'One dropout mask a sequence, used again at every step, instead of a fresh one a step.',
    formula: null,
    source: 'Y. Gal, Z. Ghahramani, NeurIPS, 2016',
  },
  {
    name: 'random_labels',
    title: 'Random labels',
    sentence:
      'A control: the network is trained on the labels of its sequences in random order, so that there is no evidence to learn; a map that does not change then does not show what was learned.',
    formula: null,
    source: ADEBAYO,
  },
  {
    name: 'floor',
    title: 'Floored weights',
    sentence:
      'The default of alpha-beta rules: a unit without negative contributions still spends its β part, in proportion to its inputs, so that relevance is conserved.',
    formula: 'w⁺ = max(w, 1e-9), w⁻ = min(w, −1e-9)',
    source: CHORMAI,
  },
  {
    name: 'plain',
    title: 'Plain weights (:plain)',
    sentence:
      'Alpha-beta rules without floors: the total of a unit without negative contributions grows, and the map is marked as not conserved.',
    formula: 'w⁺ = max(w, 0), w⁻ = min(w, 0)',
    source: HEATPROOF,
  },
  {
    name: 'similar_by',
    title: 'Similar by',
    sentence:
      'What says that two maps are similar: where their relevance lies, the clusters of an imported analysis as they are, or the distance of two maps in an imported embedding, in which groups are formed by k-means. Maps of which an analysis says nothing are in no group.',
    formula: null,
    source: HEATPROOF,
  },
  {
    name: 'group_count',
    title: 'Groups',
    sentence:
      'How many groups of similar maps are formed; more groups are smaller and more alike inside. There may be fewer where maps are the same.',
    formula: '√(maps / 2), from 2 to 16, by default',
    source: HEATPROOF,
  },
  {
    name: 'resamples',
    title: 'Resamples',
    sentence: 'How often the sequences are drawn again for the intervals; more is finer and slower.',
    formula: null,
    source: 'B. Efron, R. Tibshirani, An Introduction to the Bootstrap, 1993',
  },
  {
    name: 'backend',
    title: 'Backend',
    sentence: 'What computes: TensorFlow’s native library, WebGPU, or WebAssembly, which is always there.',
    formula: null,
    source: HEATPROOF,
  },
]

export const OPTION_TERMS: Term[] = RAW.map((term) => ({ ...term, kind: 'option' }))
