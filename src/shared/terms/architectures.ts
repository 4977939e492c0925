import { ARCHITECTURES, type ArchitectureName } from '../names.ts'
import { CHORMAI, type Term } from './term.ts'

const CONV = 'conv 5×5×24, pool 2×2, conv 3×3×32, pool 2×2'

const TEXTS: Record<ArchitectureName, { sentence: string; formula: string }> = {
  shallow: {
    sentence: 'One hidden layer reads the pixels of a step together with the state of the step before.',
    formula: 'hidden(256) of [pixels, h]; h = relu(256); logits of the last hidden',
  },
  deep: {
    sentence:
      'A layer of its own reads the pixels before they meet the state, and another one stands before the logits.',
    formula: 'in1(256); hidden(128) of [in1, h]; h = relu(256); out1(32); logits',
  },
  deep_v2: {
    sentence: 'Deep with two layers that read the pixels instead of one.',
    formula: 'in1(128), in2(256); hidden(128) of [in2, h]; h = relu(256); out1(32); logits',
  },
  convdeep: {
    sentence: 'Deep with two convolution and pooling layers in front.',
    formula: `${CONV}; in1(128); hidden(128) of [in1, h]; h = relu(256); out1(32); logits`,
  },
  convdeep_lateral: {
    sentence:
      'ConvDeep whose convolutions also see their own output of the step before (lateral connections).',
    formula: `${CONV}, each joined with itself one step earlier; the rest as ConvDeep`,
  },
  rlstm: {
    sentence:
      'An LSTM whose candidate is a ReLU and whose output is not squashed, so that relevance can be handed back through its cell.',
    formula:
      'in1(256); i, f, o = sigmoid([in1, h] W + b); g = relu([in1, h] W_g − softplus(b_g)); c = i g + f c; h(72) = o c; logits of h',
  },
  convrlstm: {
    sentence: 'R-LSTM with two convolution and pooling layers in front.',
    formula: `${CONV}; in1(128); R-LSTM cell(96); logits of h`,
  },
  convrlstm_lateral: {
    sentence:
      'ConvR-LSTM whose convolutions also see their own output of the step before (lateral connections).',
    formula: `${CONV}, each joined with itself one step earlier; the rest as ConvR-LSTM`,
  },
}

export const ARCHITECTURE_TERMS: Term[] = Object.entries(ARCHITECTURES).map(([name, title]) => ({
  name,
  kind: 'architecture',
  title,
  ...TEXTS[name as ArchitectureName],
  source: CHORMAI,
}))
