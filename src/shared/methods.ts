import { HeatproofError } from './errors.ts'

/**
 * A method's id is stable text, parsed here and nowhere else:
 * `sa`, `gi`, `gb`, `gb_raw_gates`, `sa_const_gates`, `dtd`, `random`, `random:SEED`,
 * `lrp_aALPHAbBETA` with alpha - beta = 1 (`lrp_a1.5b0.5`), and `lrp_aALPHAbBETA:plain` for unfloored weights.
 */
export type Method =
  | { family: 'sa' | 'gi' | 'gb' | 'gb_raw_gates' | 'sa_const_gates' | 'dtd' }
  | { family: 'lrp_alpha_beta'; alpha: number; beta: number; floored: boolean }
  | { family: 'random'; seed: number }

/** The methods that the first screens offer, in the order of figures and tables. */
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

/** Methods without repetition: the standard ones in their usual order, then others by name. */
export function inUsualOrder(methods: Iterable<string>): string[] {
  const known: readonly string[] = STANDARD_METHODS
  const place = (method: string) => (known.includes(method) ? known.indexOf(method) : known.length)
  return [...new Set(methods)].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
}

const SIMPLE = ['sa', 'gi', 'gb', 'gb_raw_gates', 'sa_const_gates', 'dtd'] as const
const NUMBER = String.raw`(\d+(?:\.\d+)?)`
const ALPHA_BETA = new RegExp(`^lrp_a${NUMBER}b${NUMBER}(:plain)?$`)

/** Parses a method's id. @throws HeatproofError `unknown_method` */
export function parseMethod(id: string): Method {
  const simple = SIMPLE.find((name) => name === id)
  if (simple !== undefined) return { family: simple }
  const random = /^random(?::(\d{1,9}))?$/.exec(id)
  if (random) return { family: 'random', seed: Number(random[1] ?? 0) }
  const match = ALPHA_BETA.exec(id)
  if (match) {
    const [alpha, beta] = [Number(match[1]), Number(match[2])]
    if (Math.abs(alpha - beta - 1) < 1e-9 && alpha >= 1) {
      return { family: 'lrp_alpha_beta', alpha, beta, floored: match[3] === undefined }
    }
  }
  throw new HeatproofError('unknown_method', {
    found: `the method '${id}'`,
    expected: `one of ${STANDARD_METHODS.join(', ')}, or lrp_aALPHAbBETA with ALPHA - BETA = 1`,
    advice: 'Correct the name; `heatproof maps --help` lists the methods.',
  })
}

/** Whether a map of this method can hold negative values. */
export function isSigned(method: Method): boolean {
  return method.family === 'gi' || method.family === 'lrp_alpha_beta'
}

/** Whether the sum of a map of this method must equal the relevance that it started with. */
export function isConserving(method: Method): boolean {
  return method.family === 'dtd' || method.family === 'lrp_alpha_beta'
}
