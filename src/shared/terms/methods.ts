import { HEATPROOF, type Term } from './term.ts'

const BACH = 'S. Bach et al., PLoS ONE 10(7), 2015, eq. 60; z-B rule: Montavon et al., 2017'
const MONTAVON =
  'G. Montavon et al., Explaining nonlinear classification decisions with deep Taylor decomposition, Pattern Recognition 65, 2017'
const SIMONYAN = 'K. Simonyan, A. Vedaldi, A. Zisserman, Deep inside convolutional networks, 2013'
const SPRINGENBERG = 'J. T. Springenberg et al., Striving for simplicity: the all convolutional net, 2015'
const ALPHA_BETA_RULE =
  'R_i = x_i · sum_j (α w⁺_ij / sum_k x_k w⁺_kj − β w⁻_ij / sum_k x_k w⁻_kj) R_j,  α − β = 1; pixels by the z-B rule'

export const METHOD_TERMS: Term[] = [
  {
    name: 'sa',
    kind: 'method',
    title: 'Sensitivity analysis',
    sentence:
      'The squared gradient of the explained logit: where a small change of a pixel would change the answer most.',
    formula: '(df/dx)²   (never negative)',
    source: SIMONYAN,
  },
  {
    name: 'sa_const_gates',
    kind: 'method',
    title: 'Sensitivity, constant gates',
    sentence:
      'Sensitivity analysis in which the gates of an LSTM count as constants; it tells how much of what guided backprop gains comes from the gates alone.',
    formula: '(df/dx)² with every derivative of a sigmoid set to 0',
    source: HEATPROOF,
  },
  {
    name: 'gi',
    kind: 'method',
    title: 'Gradient × input',
    sentence: 'The pixel times the gradient, also called simple Taylor decomposition; signed.',
    formula: 'x · df/dx',
    source: 'A. Shrikumar et al., Not just a black box, 2016',
  },
  {
    name: 'gb',
    kind: 'method',
    title: 'Guided backprop',
    sentence:
      'A gradient that each ReLU lets pass only where its output and the arriving gradient are both positive, squared at the end, with the gates of an LSTM held constant.',
    formula: 'g · [a > 0] · [g > 0] at every ReLU; map = g²   (never negative)',
    source: SPRINGENBERG,
  },
  {
    name: 'gb_raw_gates',
    kind: 'method',
    title: 'Guided backprop, raw gates',
    sentence:
      'Guided backprop that also differentiates the gates of an LSTM, kept so that the effect of constant gates can be seen.',
    formula: 'as gb, with the derivative of every sigmoid as it is',
    source: SPRINGENBERG,
  },
  {
    name: 'dtd',
    kind: 'method',
    title: 'Deep Taylor decomposition',
    sentence:
      'Hands the logit back layer by layer in proportion to the positive contributions only, and by the z-B rule at the pixels, so that the map is never negative and adds up to the logit.',
    formula:
      'alpha-beta rule with α = 1, β = 0; pixels: R_i = sum_j (x_i w_ij − l w⁺_ij − h w⁻_ij) / sum_k (…)_kj R_j,  l = −1, h = 1',
    source: MONTAVON,
  },
  {
    name: 'lrp_a1.5b0.5',
    kind: 'method',
    title: 'LRP α 1.5 β 0.5',
    sentence:
      'Layer-wise relevance propagation that also shows evidence against the class, at half the weight; signed, and the sum equals the logit.',
    formula: ALPHA_BETA_RULE.replace('α − β = 1', 'α = 1.5, β = 0.5'),
    source: BACH,
  },
  {
    name: 'lrp_a2b1',
    kind: 'method',
    title: 'LRP α 2 β 1',
    sentence:
      'Layer-wise relevance propagation with evidence against the class at full weight; on trained LSTMs most of its signed percentages leave [0, 1], so read the positive part beside it.',
    formula: ALPHA_BETA_RULE.replace('α − β = 1', 'α = 2, β = 1'),
    source: BACH,
  },
  {
    name: 'lrp_alpha_beta',
    kind: 'method',
    title: 'LRP alpha-beta',
    sentence:
      'The family of rules lrp_aALPHAbBETA that spread relevance over positive contributions with weight α and over negative ones with weight β.',
    formula: ALPHA_BETA_RULE,
    source: BACH,
  },
  {
    name: 'lrp_eps',
    kind: 'method',
    title: 'LRP epsilon',
    sentence:
      'Layer-wise relevance propagation in proportion to the signed contributions; biases and a small epsilon keep their part, which is shown beside the map: lrp_eps:EPSILON, 0.01 unless another is given.',
    formula:
      'R_i = x_i · sum_j w_ij R_j / (z_j + ε),  z_j = sum_k x_k w_kj + b_j;  map + kept by ε + kept by biases = f',
    source: 'S. Bach et al., PLoS ONE 10(7), 2015, eq. 58',
  },
  {
    name: 'ig',
    kind: 'method',
    title: 'Integrated gradients',
    sentence:
      'The gradient averaged on the straight line from a black image to the input, times the way: ig:STEPS:BASELINE, 64 midpoints from -1 (black) unless others are given; the sum is the difference of the logit between both ends.',
    formula: '(x − x₀) · 1/n · sum_k df/dx at x₀ + (k + ½)/n · (x − x₀);  sum ≈ f(x) − f(x₀)',
    source: 'M. Sundararajan, A. Taly, Q. Yan, Axiomatic attribution for deep networks, ICML, 2017',
  },
  {
    name: 'smoothgrad',
    kind: 'method',
    title: 'SmoothGrad',
    sentence:
      'The squared gradient averaged over noisy copies of the input: smoothgrad:COPIES:SIGMA:REDUCTION:SEED, 25 copies with a sigma of 0.15 of the range of the input unless others are given; with mean instead of squared it is signed.',
    formula: '1/n · sum_k (df/dx at x + e_k)²,  e_k ~ N(0, (σ · (max x − min x))²)',
    source: 'D. Smilkov et al., SmoothGrad: removing noise by adding noise, 2017',
  },
  {
    name: 'occlusion',
    kind: 'method',
    title: 'Occlusion',
    sentence:
      'How far the explained logit drops when a square patch is set to black, averaged over the patches that cover a pixel: occlusion:PATCH:STRIDE, 4 and 4 pixels unless others are given.',
    formula: 'R_i = mean over patches P that hold i of f(x) − f(x with P black)',
    source: 'M. D. Zeiler, R. Fergus, Visualizing and understanding convolutional networks, ECCV, 2014',
  },
  {
    name: 'random',
    kind: 'method',
    title: 'Random map',
    sentence:
      'Seeded uniform noise instead of an explanation: what a method must beat to have said anything (random:SEED takes another seed).',
    formula: 'R ~ U(0, 1) in every pixel',
    source: HEATPROOF,
  },
  {
    name: 'import',
    kind: 'method',
    title: 'Imported map',
    sentence:
      'A map that another program computed, as it was brought: import:NAME:SIGN, where SIGN is signed unless positive is given. Nothing is known of how it was made but what came with it.',
    formula: 'R as stored',
    source: HEATPROOF,
  },
]
