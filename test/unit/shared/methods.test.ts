import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HeatproofError } from '../../../src/shared/errors.ts'
import {
  canonicalComputedMethod,
  canonicalMethod,
  inUsualOrder,
  isConserving,
  isSigned,
  OFFERED_METHODS,
  parseMethod,
  printMethod,
  STANDARD_METHODS,
  type Method,
} from '../../../src/shared/methods.ts'

const whole = (min: number, max: number) => fc.integer({ min, max })
const decimal = (min: number, max: number) =>
  fc.oneof(
    fc.double({ min, max, noNaN: true }).map((value) => value + 0),
    fc.integer({ min: Math.ceil(min * 1000), max: Math.floor(max * 1000) }).map((value) => value / 1000 + 0),
  )

const anyMethod: fc.Arbitrary<Method> = fc.oneof(
  fc.constantFrom('sa', 'gi', 'gb', 'gb_raw_gates', 'sa_const_gates', 'dtd').map((family) => ({
    family: family as 'sa',
  })),
  fc.record({ billionths: whole(0, 2e9), floored: fc.boolean() }).map(({ billionths, floored }) => ({
    family: 'lrp_alpha_beta' as const,
    alpha: Number((1 + billionths / 1e9).toFixed(9)),
    beta: Number((billionths / 1e9).toFixed(9)),
    floored,
  })),
  fc.record({ family: fc.constant('lrp_eps' as const), epsilon: decimal(0, 1000) }),
  fc.record({ family: fc.constant('ig' as const), steps: whole(1, 4096), baseline: decimal(-1, 1) }),
  fc.record({
    family: fc.constant('smoothgrad' as const),
    copies: whole(1, 4096),
    sigma: decimal(0, 10),
    reduction: fc.constantFrom('squared' as const, 'mean' as const),
    seed: whole(0, 999_999_999),
  }),
  fc
    .tuple(whole(1, 1024), whole(1, 1024))
    .map(([a, b]) => ({ family: 'occlusion' as const, patch: Math.max(a, b), stride: Math.min(a, b) })),
  fc.record({ family: fc.constant('random' as const), seed: whole(0, 999_999_999) }),
)

function refusal(id: string): HeatproofError {
  try {
    parseMethod(id)
  } catch (error) {
    if (error instanceof HeatproofError) return error
  }
  throw new Error(`'${id}' was not refused`)
}

describe('method ids', () => {
  it('parse what they print', () => {
    fc.assert(
      fc.property(anyMethod, (method) => {
        expect(parseMethod(printMethod(method))).toEqual(method)
      }),
      { seed: 3, numRuns: 2000 },
    )
  })

  it('are canonical once they were printed', () => {
    fc.assert(
      fc.property(anyMethod, (method) => {
        const id = printMethod(method)
        expect(canonicalMethod(id)).toBe(id)
      }),
      { seed: 4, numRuns: 2000 },
    )
  })

  it('differ for different methods', () => {
    fc.assert(
      fc.property(anyMethod, anyMethod, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other)
        expect(printMethod(one) === printMethod(other)).toBe(same)
      }),
      { seed: 5, numRuns: 2000 },
    )
  })

  it.each(OFFERED_METHODS)('%s is canonical', (id) => expect(canonicalMethod(id)).toBe(id))

  it.each([
    ['ig:64', 'ig'],
    ['ig:64:-1', 'ig'],
    ['ig:064', 'ig'],
    ['ig:32:-1.0', 'ig:32'],
    ['ig:64:0', 'ig:64:0'],
    ['ig:64:-0', 'ig:64:0'],
    ['lrp_eps:0.01', 'lrp_eps'],
    ['lrp_eps:1e-2', 'lrp_eps'],
    ['lrp_eps:0', 'lrp_eps:0'],
    ['smoothgrad:25:0.15:squared:0', 'smoothgrad'],
    ['smoothgrad:25:.15'.replace(':.', ':0.'), 'smoothgrad'],
    ['smoothgrad:25:0.15:mean', 'smoothgrad:25:0.15:mean'],
    ['smoothgrad:25:0.15:squared:7', 'smoothgrad:25:0.15:squared:7'],
    ['occlusion:4:4', 'occlusion'],
    ['occlusion:3:3', 'occlusion:3'],
    ['occlusion:8', 'occlusion:8'],
    ['occlusion:8:4', 'occlusion:8'],
    ['random:0', 'random'],
    ['random:007', 'random:7'],
    ['lrp_a2.0b1.0', 'lrp_a2b1'],
    ['lrp_a1.5b0.5:floored', 'lrp_a1.5b0.5'],
    ['lrp_a1.5b0.50:plain', 'lrp_a1.5b0.5:plain'],
  ])('%s is %s', (id, canonical) => expect(canonicalMethod(id)).toBe(canonical))

  it('mean what they meant before other methods came', () => {
    expect(STANDARD_METHODS.map(parseMethod)).toEqual([
      { family: 'sa' },
      { family: 'sa_const_gates' },
      { family: 'gi' },
      { family: 'gb' },
      { family: 'gb_raw_gates' },
      { family: 'dtd' },
      { family: 'lrp_alpha_beta', alpha: 1.5, beta: 0.5, floored: true },
      { family: 'lrp_alpha_beta', alpha: 2, beta: 1, floored: true },
      { family: 'random', seed: 0 },
    ])
    expect(parseMethod('lrp_a3.25b2.25:plain')).toEqual({
      family: 'lrp_alpha_beta',
      alpha: 3.25,
      beta: 2.25,
      floored: false,
    })
    expect(parseMethod('random:12')).toEqual({ family: 'random', seed: 12 })
  })

  it.each([
    ['grad-cam', /'grad-cam'/, /occlusion.*smoothgrad\[/],
    ['', /''/, /sa/],
    ['SA', /'SA'/, /sa/],
    ['sa:1', /'1' at the end/, /no options/],
    ['ig:0', /number of steps '0'/, /1 to 4096/],
    ['ig:6.5', /number of steps '6.5'/, /whole/],
    ['ig:', /number of steps ''/, /whole/],
    ['ig:64:-2', /baseline '-2'/, /-1 to 1/],
    ['ig:64:0:1', /'1' at the end/, /ig\[:STEPS\[:BASELINE\]\]/],
    ['lrp_eps:-1', /epsilon '-1'/, /0 to 1000/],
    ['lrp_eps:NaN', /epsilon 'NaN'/, /number/],
    ['lrp_a2b1:floor', /weights 'floor'/, /floored or plain/],
    ['lrp_a2b1:plain:1', /'1' at the end/, /lrp_a2b1\[:plain\]/],
    ['lrp_a2b2', /'lrp_a2b2'/, /ALPHA - BETA = 1/],
    ['lrp_a0.5b-0.5', /'lrp_a0.5b-0.5'/, /ALPHA - BETA = 1/],
    ['smoothgrad:25:-1', /sigma '-1'/, /0 to 10/],
    ['smoothgrad:25:0.1:median', /reduction 'median'/, /squared or mean/],
    ['occlusion:0', /patch side '0'/, /1 to 1024/],
    ['occlusion:4:5', /stride 5 with patches of 4/, /not larger than the patch/],
    ['random:-1', /seed '-1'/, /whole/],
  ])("'%s' is refused", (id, found, expected) => {
    const error = refusal(id)
    expect(error.code).toBe('unknown_method')
    expect(error.found).toMatch(found)
    expect(error.expected).toMatch(expected)
    expect(error.advice.length).toBeGreaterThan(5)
  })

  it('never end in another error, whatever is written', () => {
    const parts = fc.constantFrom(
      ...['sa', 'ig', 'lrp_eps', 'lrp_a', 'occlusion', 'smoothgrad', 'random', 'plain', 'mean'],
      ...[':', '0', '1', '2.5', 'b', '-', 'e-7', '64', '__proto__', 'constructor'],
    )
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 7 }), (pieces) => {
        const id = pieces.join('')
        try {
          const method = parseMethod(id)
          expect(parseMethod(printMethod(method))).toEqual(method)
        } catch (error) {
          expect(error).toBeInstanceOf(HeatproofError)
        }
      }),
      { seed: 6, numRuns: 5000 },
    )
  })

  it('are listed in their usual order, others after them by name', () => {
    expect(inUsualOrder(['ig:8', 'ig', 'lrp_a3b2', 'sa', 'ig', 'dtd'])).toEqual([
      'sa',
      'dtd',
      'ig',
      'ig:8',
      'lrp_a3b2',
    ])
  })

  it('name imported maps, which are shown and never computed', () => {
    expect(parseMethod('import:captum_ig')).toEqual({ family: 'import', name: 'captum_ig', sign: 'signed' })
    expect(canonicalMethod('import:grad-cam:positive')).toBe('import:grad-cam:positive')
    expect(canonicalMethod('import:shap:signed')).toBe('import:shap')
    expect(isSigned(parseMethod('import:shap'))).toBe(true)
    expect(isSigned(parseMethod('import:shap:positive'))).toBe(false)
    expect(isConserving(parseMethod('import:shap'))).toBe(false)
    expect(() => canonicalComputedMethod('import:shap')).toThrow(/computed elsewhere/)
    for (const bad of [
      'import:',
      'import:a b',
      'import:../x',
      `import:${'n'.repeat(41)}`,
      'import:shap:both',
    ])
      expect(() => parseMethod(bad), bad).toThrow(HeatproofError)
  })

  it('say whether maps are signed and what they add up to', () => {
    const of = (ask: (method: Method) => boolean) =>
      [...OFFERED_METHODS, 'smoothgrad:25:0.15:mean', 'lrp_a2b1:plain'].filter((id) => ask(parseMethod(id)))
    expect(of(isSigned)).toEqual(
      ['gi', 'lrp_a1.5b0.5', 'lrp_a2b1', 'lrp_eps', 'ig', 'occlusion'].concat(
        'smoothgrad:25:0.15:mean',
        'lrp_a2b1:plain',
      ),
    )
    expect(of(isConserving)).toEqual(['dtd', 'lrp_a1.5b0.5', 'lrp_a2b1', 'lrp_eps', 'lrp_a2b1:plain'])
  })
})
