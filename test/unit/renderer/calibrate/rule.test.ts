import { describe, expect, it } from 'vitest'
import type { ThresholdRule } from '../../../../src/shared/contract/calibration.ts'
import {
  printRule,
  ruleLabel,
  ruleOptions,
  ruleParameter,
  ruleTerm,
} from '../../../../src/renderer/views/calibrate/rule.ts'
import { findTerm } from '../../../../src/shared/terms.ts'

const RULES: ThresholdRule[] = [
  { kind: 'youden' },
  { kind: 'cost', ratio: 7.5 },
  { kind: 'miss_rate', rate: 0.03 },
]

describe('a rule for θ', () => {
  it.each(RULES)('$kind goes into the address and back, and has its help', (rule) => {
    expect(ruleParameter(printRule(rule))).toEqual(rule)
    expect(findTerm(ruleTerm(rule))).not.toBeNull()
  })

  it.each([undefined, '', 'cost', 'cost:', 'cost:-1', 'miss_rate:0.9', 'best'])(
    '%s is Youden’s J',
    (text) => {
      expect(ruleParameter(text)).toEqual({ kind: 'youden' })
    },
  )

  it('is offered among the usual ones, also when it is none of them', () => {
    const usual = ruleOptions({ kind: 'youden' })
    expect(usual.map(({ value }) => value)).toContain('miss_rate:0.1')
    expect(ruleOptions({ kind: 'cost', ratio: 7.5 })).toEqual([
      ...usual,
      { value: 'cost:7.5', label: ruleLabel({ kind: 'cost', ratio: 7.5 }) },
    ])
  })
})
