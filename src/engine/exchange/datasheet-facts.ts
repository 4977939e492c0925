import { VERDICTS, type MapState, type Verdict } from '../../shared/names.ts'
import { tallyAll, type Ratings } from '../calibration/agreement.ts'
import { gwetAc1, krippendorffAlpha, pairedHeatmaps, rawAgreement } from '../calibration/agreement.ts'
import { getCalibration } from '../workspace/calibrations.ts'
import { countMapStates } from '../workspace/export-scans.ts'
import type { CalibrationFit } from '../../shared/contract/calibration.ts'
import type { SetContext } from './audited-set-context.ts'
import { isLatest, verdictPages, type VerdictEntry } from './audited-set-verdicts.ts'

/** How verdicts that count came about. */
export interface Origins {
  verdicts: number
  /** From queues, in an order that was chosen, e.g. worst first. */
  ordered: number
  /** From queues, drawn at random. */
  random: number
  /** Without a queue: no probability is known. */
  free: number
  /** While model, method, metrics and others' verdicts were withheld. */
  blind: number
  /** To a whole group after a look at some of its maps. */
  group: number
}

/** What the records say of an export beyond its manifest. */
export interface DatasheetFacts {
  /** In the order of their first verdict. */
  reviewers: readonly { name: string; counted: number; all: number }[]
  origins: Origins
  withdrawn: number
  /** When the first and the last verdict was given; null without one. */
  period: readonly [string, string] | null
  /** Maps on which exactly one reviewer has a verdict that counts. */
  singleReviewer: number
  /** On the verdict, group verdicts left out; null where no map has two reviewers. */
  agreement: { maps: number; raw: number | null; alpha: number | null; ac1: number | null } | null
  /** How the maps' own checks ended. */
  states: ReadonlyMap<MapState, number>
  /** What made the active calibration; null: it is the default. */
  fit: CalibrationFit | null
}

/** Goes over the verdicts on the maps of an export, a page at a time. */
export function datasheetFacts(context: SetContext): DatasheetFacts {
  const { database, calibration, selection } = context
  const reviewers = new Map<string, { counted: number; all: number }>()
  const byMap = new Map<number, Map<string, Verdict>>()
  const raters = new Map<number, number>()
  const origins: Origins = { verdicts: 0, ordered: 0, random: 0, free: 0, blind: 0, group: 0 }
  const times: string[] = []
  let withdrawn = 0
  for (const page of verdictPages(context)) {
    for (const entry of page) {
      const { reviewer, verdict, createdAt, mapId } = entry.verdict
      const own = reviewers.get(reviewer) ?? { counted: 0, all: 0 }
      reviewers.set(reviewer, own)
      own.all += 1
      times[times.length === 0 ? 0 : 1] = createdAt
      if (verdict === 'withdrawn') withdrawn += 1
      if (!isLatest(entry) || verdict === 'withdrawn') continue
      own.counted += 1
      raters.set(mapId, (raters.get(mapId) ?? 0) + 1)
      countOrigin(origins, entry)
      if (entry.verdict.group === null)
        byMap.set(mapId, (byMap.get(mapId) ?? new Map<string, Verdict>()).set(reviewer, verdict))
    }
  }
  const [first] = times
  return {
    reviewers: [...reviewers].map(([name, counts]) => ({ name, ...counts })),
    ...{ origins, withdrawn },
    period: first === undefined ? null : [first, times.at(-1) ?? first],
    singleReviewer: [...raters.values()].filter((count) => count === 1).length,
    agreement: agreementOf([...reviewers.keys()], [...byMap.values()]),
    states: countMapStates(
      database,
      selection.maps.map(({ mapId }) => mapId),
    ),
    fit: calibration.id === null ? null : (getCalibration(database, calibration.id)?.fit ?? null),
  }
}

function countOrigin(origins: Origins, { verdict }: VerdictEntry): void {
  origins.verdicts += 1
  if (verdict.queueId === null) origins.free += 1
  else if (verdict.drawnAtRandom) origins.random += 1
  else origins.ordered += 1
  if (verdict.blind) origins.blind += 1
  if (verdict.group !== null) origins.group += 1
}

function agreementOf(
  reviewers: readonly string[],
  maps: readonly ReadonlyMap<string, Verdict>[],
): DatasheetFacts['agreement'] {
  const ratings = maps.map((map): Ratings<Verdict> => reviewers.map((name) => map.get(name) ?? null))
  const tally = tallyAll(ratings, VERDICTS)
  const paired = pairedHeatmaps(tally)
  if (paired === 0) return null
  const categories = VERDICTS.length
  return {
    maps: paired,
    raw: rawAgreement(tally),
    alpha: krippendorffAlpha(tally, categories),
    ac1: gwetAc1(tally, categories),
  }
}
