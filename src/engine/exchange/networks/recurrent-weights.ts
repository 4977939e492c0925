import { printShape } from '../../graph/shapes.ts'
import { combined, taken, type Constant } from './constants.ts'

/**
 * Gates `i` (input), `f` (forget), `o` (output) and candidate `g` of an LSTM; gates `z` (update), `r` (reset) and candidate `g` of
 * a GRU; `g` alone of a plain recurrent layer.
 */
export type Part = 'i' | 'f' | 'o' | 'z' | 'r' | 'g'

/** The weights of a recurrent layer in one direction: blocks of `units` columns side by side, one for each of its parts. */
export interface RecurrentWeights {
  /** In the order of the blocks. */
  readonly parts: readonly Part[]
  readonly units: number
  /** [inputs, blocks * units] */
  readonly input: Constant
  /** [units, blocks * units] */
  readonly state: Constant
  /** [blocks * units]; undefined adds nothing. */
  readonly inputBias: Constant | undefined
  readonly stateBias: Constant | undefined
}

/** The columns of some parts, in the order in which they are named. */
export function columnsOf(
  { parts, units }: Pick<RecurrentWeights, 'parts' | 'units'>,
  value: Constant,
  names: readonly Part[],
): Constant {
  const places = names.flatMap((name) => {
    const first = parts.indexOf(name) * units
    return Array.from({ length: units }, (_, unit) => first + unit)
  })
  return taken(value, value.shape.length - 1, places)
}

/** What both biases add together to some parts; undefined where that is nothing. */
export function biasOf(
  weights: RecurrentWeights,
  names: readonly Part[],
  biases: readonly (Constant | undefined)[] = [weights.inputBias, weights.stateBias],
): Constant | undefined {
  const [first, ...others] = biases.flatMap((bias) =>
    bias === undefined ? [] : [columnsOf(weights, bias, names)],
  )
  if (first === undefined) return undefined
  const sum = others.reduce((total, bias) => combined(total, bias, (a, b) => a + b), first)
  return sum.data.some((value) => value !== 0) ? sum : undefined
}

/**
 * The first of a layer's weights that does not fit.
 *
 * @param inputs how many values a step reads
 * @returns undefined where all fit
 */
export function misfitOf(
  { parts, units, input, state, inputBias, stateBias }: RecurrentWeights,
  inputs: number,
): { found: string; expected: string } | undefined {
  const columns = parts.length * units
  const all: [string, Constant | undefined, number[]][] = [
    ['weights of the input', input, [inputs, columns]],
    ['weights of the state', state, [units, columns]],
    ['a bias of the input', inputBias, [columns]],
    ['a bias of the state', stateBias, [columns]],
  ]
  const bad = all.find(([, value, shape]) => value !== undefined && value.shape.join() !== shape.join())
  if (bad === undefined) return undefined
  const [what, value, shape] = bad
  return { found: `${what} of shape ${printShape(value?.shape ?? [])}`, expected: printShape(shape) }
}
