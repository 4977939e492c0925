import type { Model } from '../../../src/engine/models/model.ts'
import { seededGenerator } from '../../../src/shared/seeds.ts'

const PIXELS = 28 * 84
const HIDDEN = 4
const STATE = 2

/**
 * A `shallow` network of one step whose hidden units are all positive for digits: they weigh the pixels negatively, most of which
 * are black (-1). So its logits are linear in the pixels, with the gradient `W V`.
 */
export function linearModel(classes = 10): Model {
  const generator = seededGenerator(7, 'linear model')
  const normal = (length: number, mean: number, scale: number) =>
    Float32Array.from({ length }, () => mean + scale * generator.normal())
  return {
    name: 'linear',
    architecture: 'shallow',
    stationaryDropout: false,
    rows: 28,
    columns: 84,
    steps: 1,
    classes,
    items: 3,
    metadata: { dataset: 'mnist-3-digits-maj' },
    weights: new Map([
      [
        'hidden.weight',
        { shape: [PIXELS + STATE, HIDDEN], data: normal((PIXELS + STATE) * HIDDEN, -0.2, 0.2) },
      ],
      ['hidden.bias_raw', { shape: [HIDDEN], data: normal(HIDDEN, -4, 0) }],
      ['state.weight', { shape: [HIDDEN, STATE], data: normal(HIDDEN * STATE, 0, 1) }],
      ['state.bias_raw', { shape: [STATE], data: normal(STATE, -4, 0) }],
      ['logits.weight', { shape: [HIDDEN, classes], data: normal(HIDDEN * classes, 0, 1) }],
      ['logits.bias_raw', { shape: [classes], data: normal(classes, -4, 0) }],
    ]),
  }
}

/** Its explanation of the class that it predicts, pixels times gradient `x (W V)`, by loops. */
export function explainLinear(
  model: Model,
  image: Float32Array,
): { hidden: number[]; predicted: number; mapOf: (weights: Model, label: number) => number[] } {
  const tensor = ({ weights }: Model, name: string) => weights.get(name)?.data ?? new Float32Array()
  const bias = (name: string, unit: number) => -Math.log1p(Math.exp(tensor(model, name)[unit] ?? NaN))
  const w = tensor(model, 'hidden.weight')
  const hidden = Array.from({ length: HIDDEN }, (_, unit) =>
    image.reduce(
      (sum, x, pixel) => sum + x * (w[pixel * HIDDEN + unit] ?? NaN),
      bias('hidden.bias_raw', unit),
    ),
  )
  const logits = Array.from({ length: model.classes }, (_, label) =>
    hidden.reduce(
      (sum, value, unit) =>
        sum + value * (tensor(model, 'logits.weight')[unit * model.classes + label] ?? NaN),
      bias('logits.bias_raw', label),
    ),
  )
  const mapOf = (other: Model, label: number) =>
    Array.from(image, (x, pixel) => {
      const v = tensor(other, 'logits.weight')
      const gradient = hidden.reduce(
        (sum, _, unit) => sum + (w[pixel * HIDDEN + unit] ?? NaN) * (v[unit * model.classes + label] ?? NaN),
        0,
      )
      return x * gradient
    })
  return { hidden, predicted: logits.indexOf(Math.max(...logits)), mapOf }
}
