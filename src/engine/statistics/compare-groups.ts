import type { ComparedPair, ComparisonTable } from '../../shared/contract/statistics.ts'
import { anova, tukey } from './anova.ts'
import { cliffsDelta } from './cliffs-delta.ts'
import { meanOf } from './describe.ts'
import { holm } from './holm.ts'
import { pairedT } from './paired-t.ts'
import { wilcoxon } from './wilcoxon.ts'

/** One of those that are compared: its value for each fold or sequence, by an id of it. */
export interface ComparedGroup {
  name: string
  values: ReadonlyMap<number, number>
}

/**
 * Compares every two groups, paired by fold or sequence: paired t, Wilcoxon's signed ranks and Cliff's delta over what both
 * have. The p values of a kind are corrected together after Holm. The analysis of variance and Tukey's HSD take the values of
 * the groups as independent.
 *
 * @param rest lets other work go on in between
 */
export async function compareGroups(
  groups: readonly ComparedGroup[],
  rest: () => Promise<void> | undefined = () => undefined,
): Promise<Pick<ComparisonTable, 'anova' | 'pairs'>> {
  const independent = groups.map(({ values }) => [...values.values()])
  const variance = anova(independent)
  const pairs: Omit<ComparedPair, 'tHolm' | 'wilcoxonHolm'>[] = []
  for (const [first, left] of groups.entries()) {
    for (const [second, right] of groups.entries()) {
      if (second <= first) continue
      await rest()
      const tukeyP = variance && tukey(variance, independent[first] ?? [], independent[second] ?? [])
      pairs.push({ ...comparePair(left, right), tukeyP })
    }
  }
  const tHolm = holm(pairs.map(({ tP }) => tP))
  const wilcoxonHolm = holm(pairs.map(({ wilcoxonP }) => wilcoxonP))
  return {
    anova: variance && {
      f: variance.f,
      betweenDegrees: variance.betweenDegrees,
      withinDegrees: variance.withinDegrees,
      p: variance.p,
    },
    pairs: pairs.map((pair, index) => ({
      ...pair,
      tHolm: tHolm[index] ?? null,
      wilcoxonHolm: wilcoxonHolm[index] ?? null,
    })),
  }
}

function comparePair(
  left: ComparedGroup,
  right: ComparedGroup,
): Omit<ComparedPair, 'tukeyP' | 'tHolm' | 'wilcoxonHolm'> {
  const both = [...left.values].flatMap(([unit, value]) => {
    const other = right.values.get(unit)
    return other === undefined ? [] : [{ value, other }]
  })
  const differences = both.map(({ value, other }) => value - other)
  const [leftValues, rightValues] = [both.map(({ value }) => value), both.map(({ other }) => other)]
  const t = pairedT(differences)
  const signed = wilcoxon(differences)
  const orNull = (value: number) => (Number.isNaN(value) ? null : value)
  return {
    left: left.name,
    right: right.name,
    pairs: both.length,
    leftMean: orNull(meanOf(leftValues)),
    rightMean: orNull(meanOf(rightValues)),
    difference: orNull(meanOf(differences)),
    low: t?.low ?? null,
    high: t?.high ?? null,
    t: t?.t ?? null,
    tP: t?.p ?? null,
    wilcoxon: signed?.statistic ?? null,
    wilcoxonP: signed?.p ?? null,
    cliffsDelta: cliffsDelta(leftValues, rightValues),
  }
}
