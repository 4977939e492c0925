import { ThresholdRule } from '../../../shared/contract/calibration.ts'
import { formatPercent } from '../../../shared/units.ts'

/** A rule as the address writes it, and as a list offers it. */
export interface RuleOption {
  value: string
  label: string
}

const OFFERED: readonly ThresholdRule[] = [
  { kind: 'youden' },
  ...[2, 5, 10, 50].map((ratio): ThresholdRule => ({ kind: 'cost', ratio })),
  ...[0.2, 0.1, 0.05].map((rate): ThresholdRule => ({ kind: 'miss_rate', rate })),
]

/** `youden`, `cost:5` or `miss_rate:0.1`. */
export function printRule(rule: ThresholdRule): string {
  switch (rule.kind) {
    case 'youden':
      return rule.kind
    case 'cost':
      return `${rule.kind}:${rule.ratio}`
    case 'miss_rate':
      return `${rule.kind}:${rule.rate}`
  }
}

/** The rule that an address names, or Youden's J. */
export function ruleParameter(text: string | undefined): ThresholdRule {
  const [kind, value] = (text ?? '').split(':')
  const parsed = ThresholdRule.safeParse({ kind, ratio: Number(value), rate: Number(value) })
  return parsed.success ? parsed.data : { kind: 'youden' }
}

export function ruleLabel(rule: ThresholdRule): string {
  switch (rule.kind) {
    case 'youden':
      return 'Youden’s J'
    case 'cost':
      return `cost ${rule.ratio} : 1`
    case 'miss_rate':
      return `misses at most ${formatPercent(rule.rate)}`
  }
}

/** What a list offers: the usual rules, and the chosen one if it is none of them. */
export function ruleOptions(chosen: ThresholdRule): RuleOption[] {
  const isOffered = OFFERED.some((rule) => printRule(rule) === printRule(chosen))
  return [...OFFERED, ...(isOffered ? [] : [chosen])].map((rule) => ({
    value: printRule(rule),
    label: ruleLabel(rule),
  }))
}

/** The term that explains the rule. */
export function ruleTerm({ kind }: ThresholdRule): string {
  return kind === 'cost' ? 'cost_ratio' : kind
}
