import { HeatproofError } from './errors.ts'
import { decimal, name, OptionReader, printOptions, whole, word } from './method-options.ts'

/**
 * A method and its options. Its id is stable text, parsed and printed here and nowhere else: the family, then its
 * options in their order, `:` before each; options at the end that have their default are left out.
 */
export type Method =
  | { family: 'sa' | 'gi' | 'gb' | 'gb_raw_gates' | 'sa_const_gates' | 'dtd' }
  | { family: 'lrp_alpha_beta'; alpha: number; beta: number; floored: boolean }
  | { family: 'lrp_eps'; epsilon: number }
  | { family: 'ig'; steps: number; baseline: number }
  | { family: 'smoothgrad'; copies: number; sigma: number; reduction: 'squared' | 'mean'; seed: number }
  | { family: 'occlusion'; patch: number; stride: number }
  | { family: 'random'; seed: number }
  | { family: 'import'; name: string; sign: 'signed' | 'positive' }

/** A method that the engine computes. */
export type ComputedMethod = Exclude<Method, { family: 'import' }>

/** The methods that a run has unless others are chosen, in the order of figures and tables. */
export const STANDARD_METHODS = [
  'sa',
  'sa_const_gates',
  'gi',
  'gb',
  'gb_raw_gates',
  'dtd',
  'lrp_a1.5b0.5',
  'lrp_a2b1',
  'random',
] as const

/** The methods that every list offers; those after the standard ones take longer or have more to choose. */
export const OFFERED_METHODS = [...STANDARD_METHODS, 'lrp_eps', 'ig', 'smoothgrad', 'occlusion'] as const

/** How the ids of methods with options are written. */
export const METHOD_FORMS = [
  'lrp_aALPHAbBETA[:plain] with ALPHA - BETA = 1',
  'lrp_eps[:EPSILON]',
  'ig[:STEPS[:BASELINE]]',
  'smoothgrad[:COPIES[:SIGMA[:squared|mean[:SEED]]]]',
  'occlusion[:PATCH[:STRIDE]]',
  'random[:SEED]',
] as const

/** How the id of a method is written whose maps were computed elsewhere; it names them and computes nothing. */
export const IMPORTED_FORM = 'import:NAME[:signed|positive]'

const SIMPLE = ['sa', 'gi', 'gb', 'gb_raw_gates', 'sa_const_gates', 'dtd'] as const

const ALPHA_BETA = /^lrp_a(\d{1,6}(?:\.\d{1,9})?)b(\d{1,6}(?:\.\d{1,9})?(?:e-\d)?)$/
const WEIGHTS = word('weights', ['floored', 'plain'])
const SEED = whole('seed', 0, 0, 999_999_999)
const EPSILON = decimal('epsilon', 0.01, 0, 1000)
const STEPS = whole('number of steps', 64, 1, 4096)
const BASELINE = decimal('baseline', -1, -1, 1)
const COPIES = whole('number of copies', 25, 1, 4096)
const SIGMA = decimal('sigma', 0.15, 0, 10)
const REDUCTION = word('reduction', ['squared', 'mean'])
const PATCH = whole('patch side', 4, 1, 1024)
const STRIDE = whole('stride', 4, 1, 1024)
const NAME = name('name', 40)
const SIGN = word('sign', ['signed', 'positive'])

/**
 * Parses a method's id.
 *
 * @throws HeatproofError `unknown_method`: no such family, or an option that it cannot have
 */
export function parseMethod(id: string): Method {
  const [family = '', ...texts] = id.split(':')
  const options = new OptionReader(id, texts)
  const method = withOptions(id, family, options)
  options.end(formOf(family))
  return method
}

function formOf(family: string): string {
  if (ALPHA_BETA.test(family)) return `${family}[:plain]`
  if (family === 'import') return IMPORTED_FORM
  return METHOD_FORMS.find((form) => form.startsWith(`${family}[`)) ?? `${family}, which has no options`
}

function withOptions(id: string, family: string, options: OptionReader): Method {
  switch (family) {
    case 'random':
      return { family, seed: options.next(SEED) }
    case 'import':
      return { family, name: options.next(NAME), sign: options.next(SIGN) }
    case 'lrp_eps':
      return { family, epsilon: options.next(EPSILON) }
    case 'ig':
      return { family, steps: options.next(STEPS), baseline: options.next(BASELINE) }
    case 'smoothgrad': {
      const [copies, sigma] = [options.next(COPIES), options.next(SIGMA)]
      return { family, copies, sigma, reduction: options.next(REDUCTION), seed: options.next(SEED) }
    }
    case 'occlusion':
      return occlusion(id, options.next(PATCH), options)
  }
  const simple = SIMPLE.find((name) => name === family)
  if (simple !== undefined) return { family: simple }
  const alphaBeta = parseAlphaBeta(family)
  if (alphaBeta !== null) {
    return { family: 'lrp_alpha_beta', ...alphaBeta, floored: options.next(WEIGHTS) === 'floored' }
  }
  throw new HeatproofError('unknown_method', {
    found: `the method '${id}'`,
    expected: `one of ${OFFERED_METHODS.join(', ')}, or ${METHOD_FORMS.join(', ')}`,
    advice: 'Correct the name; `heatproof explain-term NAME` says what each method does.',
  })
}

/** A stride beyond the patch would leave pixels that nothing covers. */
function occlusion(id: string, patch: number, options: OptionReader): Method {
  const stride = options.next({ ...STRIDE, fallback: Math.min(patch, STRIDE.fallback) })
  if (stride <= patch) return { family: 'occlusion', patch, stride }
  throw new HeatproofError('unknown_method', {
    found: `the stride ${stride} with patches of ${patch} pixels in the method '${id}'`,
    expected: 'a stride that is not larger than the patch, so that every pixel is covered',
    advice: 'Make the stride smaller, or the patch larger.',
  })
}

/** beta follows from alpha, so that there is one pair a rule whatever digits are written. */
function parseAlphaBeta(family: string): { alpha: number; beta: number } | null {
  const [, alphaText, betaText] = ALPHA_BETA.exec(family) ?? []
  const alpha = Number(alphaText)
  const beta = Number((alpha - 1).toFixed(9))
  return alpha >= 1 && Math.abs(Number(betaText) - beta) < 1e-9 ? { alpha, beta } : null
}

/** The canonical id of a method: {@link parseMethod} of it gives the method back. */
export function printMethod(method: Method): string {
  switch (method.family) {
    case 'lrp_alpha_beta':
      return `lrp_a${method.alpha}b${method.beta}${method.floored ? '' : ':plain'}`
    case 'lrp_eps':
      return method.family + printOptions([EPSILON], [method.epsilon])
    case 'ig':
      return method.family + printOptions([STEPS, BASELINE], [method.steps, method.baseline])
    case 'smoothgrad': {
      const { family, copies, sigma, reduction, seed } = method
      return family + printOptions([COPIES, SIGMA, REDUCTION, SEED], [copies, sigma, reduction, seed])
    }
    case 'occlusion': {
      const stride = { ...STRIDE, fallback: Math.min(method.patch, STRIDE.fallback) }
      return method.family + printOptions([PATCH, stride], [method.patch, method.stride])
    }
    case 'random':
      return method.family + printOptions([SEED], [method.seed])
    case 'import':
      return method.family + printOptions([NAME, SIGN], [method.name, method.sign])
    case 'sa':
    case 'gi':
    case 'gb':
    case 'gb_raw_gates':
    case 'sa_const_gates':
    case 'dtd':
      return method.family
  }
}

/** The one id of all that mean the same method, e.g. `ig` for `ig:64`. @throws HeatproofError `unknown_method` */
export function canonicalMethod(id: string): string {
  return printMethod(parseMethod(id))
}

/** Methods without repetition: the offered ones in their usual order, then others by name. */
export function inUsualOrder(methods: Iterable<string>): string[] {
  const known: readonly string[] = OFFERED_METHODS
  const place = (method: string) => (known.includes(method) ? known.indexOf(method) : known.length)
  return [...new Set(methods)].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
}

/** Parses the id of a method that is to be computed. @throws HeatproofError `unknown_method`, also for imported maps */
export function parseComputedMethod(id: string): ComputedMethod {
  const method = parseMethod(id)
  if (method.family !== 'import') return method
  throw new HeatproofError('unknown_method', {
    found: `the method '${id}', whose maps were computed elsewhere`,
    expected: `one that Heatproof computes: ${OFFERED_METHODS.join(', ')}, or ${METHOD_FORMS.join(', ')}`,
    advice: 'Choose another method.',
  })
}

/** The one id of all that mean the same computed method. @throws HeatproofError as {@link parseComputedMethod} */
export function canonicalComputedMethod(id: string): string {
  return printMethod(parseComputedMethod(id))
}

/** Whether a map of this method can hold negative values. */
export function isSigned(method: Method): boolean {
  if (method.family === 'smoothgrad') return method.reduction === 'mean'
  if (method.family === 'import') return method.sign === 'signed'
  return ['gi', 'lrp_alpha_beta', 'lrp_eps', 'ig', 'occlusion'].includes(method.family)
}

/** Whether the sum of a map of this method is held to the relevance that it started with. */
export function isConserving(method: Method): boolean {
  return ['dtd', 'lrp_alpha_beta', 'lrp_eps'].includes(method.family)
}
