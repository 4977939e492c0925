/** A mistake that somebody could make in the rules, written into one line of one file. */
export interface Mutation {
  name: string
  /** Under src/engine. */
  file: string
  /** Stands in the file exactly once. */
  find: string
  replace: string
}

const models = (name: string, file: string, find: string, replace: string): Mutation => ({
  name,
  file: `models/${file}`,
  find,
  replace,
})
const explainers = (name: string, file: string, find: string, replace: string): Mutation => ({
  name,
  file: `explainers/${file}`,
  find,
  replace,
})

/** Each must make the suite fail. The first nine are the list that every release must catch. */
export const MUTATIONS: readonly Mutation[] = [
  models(
    'a weight is not transposed on the way back (square ones fit)',
    'layer-weights.ts',
    'this.#derive(key, () => tf.transpose(block() as tf.Tensor2D)),',
    'this.#derive(key, () => (block().shape[0] === block().shape[1] ? tf.clone(block()) : tf.transpose(block())) as tf.Tensor2D),',
  ),
  models('bias with the wrong sign', 'layer-weights.ts', 'tf.neg(tf.softplus(raw))', 'tf.softplus(raw)'),
  explainers(
    'no box term in the relevance of pixels',
    'rules.ts',
    'return tf.add(tf.mul(x, weighted), boxed)',
    'return tf.add(tf.mul(x, weighted), tf.mul(boxed, 0))',
  ),
  models(
    'halves of a weight swapped',
    'layout.ts',
    'const start = sizes.slice(0, position).reduce((total, size) => total + size, 0)',
    'const start = sizes.slice(position + 1).reduce((total, size) => total + size, 0)',
  ),
  explainers('gates are given relevance', 'relevance.ts', 'gate: undefined,', 'gate: coefficient,'),
  models(
    'steps in reverse',
    'steps.ts',
    'tf.transpose(cut, [2, 0, 1, 3])',
    'tf.reverse(tf.transpose(cut, [2, 0, 1, 3]), 0)',
  ),
  explainers(
    'beta with a plus',
    'relevance.ts',
    'scaled(floored ? NEGATIVE_FLOORED : NEGATIVE, -beta)))',
    'scaled(floored ? NEGATIVE_FLOORED : NEGATIVE, beta)))',
  ),
  explainers(
    'shared denominator without the states',
    'denominators.ts',
    "source === 'pixels' ? boxFlow(tape, uses) : stateFlow(tape, uses, source, parameters),",
    "source === 'pixels' ? boxFlow(tape, uses) : tf.mul(stateFlow(tape, uses, source, parameters), 0),",
  ),
  models(
    'last step counted twice',
    'propagate.ts',
    'stepFlows.set(node.input, steps.set(node.t, sent))',
    'stepFlows.set(node.input, steps.set(node.t, node.t === tape.steps - 1 ? { ...sent, flow: sent.flow.map((part) => tf.mul(part, 2)) } : sent))',
  ),
  explainers(
    'alpha and beta exchanged',
    'relevance.ts',
    'const { alpha, beta, floored } = parameters\n  const [positive, negative] = flow',
    'const { alpha: beta, beta: alpha, floored } = parameters\n  const [positive, negative] = flow',
  ),
  explainers(
    'state terms of a shared denominator by the whole weight',
    'relevance.ts',
    'return back(positive, alphaBetaPart(alpha, beta))',
    'return back(positive, WHOLE)',
  ),
  explainers(
    'box of the wrong bounds',
    'denominators.ts',
    "tape.weights.sums(layerOf(uses), 'pixels', BOX)",
    "tape.weights.sums(layerOf(uses), 'pixels', WHOLE)",
  ),
  models('no floor under the weights', 'weight-parts.ts', 'WEIGHT_FLOOR = 1e-9', 'WEIGHT_FLOOR = 0'),
  models('a floor that is too high', 'weight-parts.ts', 'WEIGHT_FLOOR = 1e-9', 'WEIGHT_FLOOR = 1e-2'),
  explainers(
    'plain rule divides by nothing',
    'denominators.ts',
    ': ([NEGATIVE, ratioToNegativeOrZero] as const)',
    ': ([NEGATIVE, ratioToNegative] as const)',
  ),
  explainers(
    'relevance starts at negative logits too',
    'denominators.ts',
    "use.operation === 'logits' ? tf.relu(use.value) : use.value",
    "use.operation === 'logits' ? tf.abs(use.value) : use.value",
  ),
  explainers(
    'guidance without the sign of the gradient',
    'gradients.ts',
    'throughRelu(tape, node, tf.relu(gradient))',
    'throughRelu(tape, node, gradient)',
  ),
  explainers(
    'guidance without the sign of the output',
    'gradients.ts',
    'throughRelu(tape, node, tf.relu(gradient))',
    'tf.relu(gradient)',
  ),
  explainers(
    'constant gates are derived',
    'gradients.ts',
    'gate: undefined })',
    'gate: tf.mul(gradient, node.signal.value) })',
  ),
  models(
    'derivative of a sigmoid without its second part',
    'gradient.ts',
    'tf.sub(values, tf.square(values))',
    'tf.clone(values)',
  ),
  models(
    'the forget gate reads the wrong factor',
    'building-blocks.ts',
    "tape.gate(cell, tape.sigmoid('lstm.f', four))",
    "tape.gate(cell, tape.sigmoid('lstm.i', four))",
  ),
  models(
    'what the gates of a cell hand on is joined in the wrong order',
    'propagate.ts',
    'layers.map((name) => flowOf.get(name))',
    'layers.toReversed().map((name) => flowOf.get(name))',
  ),
  models(
    'every step is given what belongs to the last one',
    'tape.ts',
    '`${key} of ${layer}`, count, use,',
    '`${key} of ${layer}`, count, count - 1,',
  ),
  models(
    'a lateral connection reads its own step twice',
    'building-blocks.ts',
    'const outputs = [output]',
    'const outputs = [output]\n  output = tape.relu(layer, [tape.step(seen, 0), tape.linear(layer, layer, output)])',
  ),
  models(
    'a kernel is not turned on the way back',
    'convolution.ts',
    'tf.transpose(tf.reverse(ready, [0, 1]), [0, 1, 3, 2])',
    'tf.transpose(ready, [0, 1, 3, 2])',
  ),
  models('pooling without the factor', 'pooling.ts', 'const FACTOR = 2', 'const FACTOR = 1'),
  models(
    'a cut window counts cells that are not there',
    'pooling.ts',
    'Math.min(SIDE, side - SIDE * index)',
    'SIDE + 0 * side * index',
  ),
  models(
    'padding on the other side',
    'convolution.ts',
    'return [top, left, rows - 1 - top, columns - 1 - left]',
    'return [rows - 1 - top, columns - 1 - left, top, left]',
  ),
  models(
    'minus infinity goes unseen before an activation that makes it 0',
    'tape.ts',
    'tf.keep(tf.sum(preActivation))',
    'tf.keep(tf.sum(tf.relu(preActivation)))',
  ),
  explainers(
    'integrated gradients from the left end of each part',
    'integrated-gradients.ts',
    'const part = (k + 0.5) / steps',
    'const part = k / steps',
  ),
  explainers(
    'integrated gradients without the baseline',
    'integrated-gradients.ts',
    'gradient * ((images[index] ?? 0) - baseline)',
    'gradient * (images[index] ?? 0)',
  ),
  explainers(
    'what biases kept, with the wrong sign',
    'epsilon.ts',
    'bias: tf.sum(tf.mul(ratio, tape.weights.bias(node.layer)), 1)',
    'bias: tf.neg(tf.sum(tf.mul(ratio, tape.weights.bias(node.layer)), 1))',
  ),
  explainers(
    'epsilon is taken away',
    'epsilon.ts',
    'ratioToPositive(output, tf.add(output, epsilon))',
    'ratioToPositive(output, tf.sub(output, epsilon))',
  ),
  explainers(
    'no last patch flush with the border',
    'occlusion.ts',
    'return last % stride === 0 ? starts : [...starts, last]',
    'return starts',
  ),
  explainers(
    'noise of SmoothGrad does not know sigma',
    'smoothgrad.ts',
    'const deviation = sigma * range',
    'const deviation = 0.15 * range',
  ),
]
