import { z } from 'zod'
import { badFile } from '../bad-input.ts'
import type { RawVerdict } from './verdict-rows.ts'

const Said = z.looseObject({
  verdict: z.unknown().optional(),
  modes: z.unknown().optional(),
  note: z.unknown().optional(),
  reviewer: z.unknown().optional(),
  created_at: z.unknown().optional(),
  box: z.unknown().optional(),
})
type Said = z.infer<typeof Said>

const AnyHeatmap = z.looseObject({ _cls: z.literal('Heatmap') })

/** A map of a sample, in a field that is named by its model and method. */
const Heatmap = Said.extend({
  map_id: z.unknown().optional(),
  model: z.unknown().optional(),
  method: z.unknown().optional(),
  verdicts: z.array(Said).nullish(),
})

/** `samples.json` of a FiftyOneDataset. */
export const FiftyOneSamples = z.looseObject({ samples: z.array(z.record(z.string(), z.unknown())) })

/**
 * What is said of the heatmaps of the samples: the list `verdicts` as an export of this program wrote it, and the fields
 * `verdict`, `modes`, `note` and `reviewer` of a heatmap itself, where somebody set them.
 *
 * @throws HeatproofError `bad_file` where a heatmap's list is none
 */
export function verdictsOfFiftyOne(
  { samples }: z.infer<typeof FiftyOneSamples>,
  source: string,
): RawVerdict[] {
  return samples.flatMap((sample, index) =>
    Object.entries(sample).flatMap(([field, value]) => {
      if (!AnyHeatmap.safeParse(value).success) return []
      const where = `field ${field} of sample ${index + 1}`
      const { data: heatmap } = Heatmap.safeParse(value)
      if (heatmap === undefined) {
        throw badFile({ source, found: `no list of verdicts in ${where}`, expected: 'a list of objects' })
      }
      const { map_id, model, method, verdict } = heatmap
      const own = verdict === undefined || verdict === null ? [] : [heatmap]
      return [...(heatmap.verdicts ?? []), ...own].map((said) => ({
        where,
        fields: { map_id, model, method, sample_id: sample['sample_id'], ...fieldsOf(said) },
      }))
    }),
  )
}

function fieldsOf({ verdict, modes, note, reviewer, created_at: time, box }: Said): RawVerdict['fields'] {
  return { verdict, modes, note, reviewer, time, box: partsOf(box) }
}

/** FiftyOne has boxes as [left, top, width, height]. */
function partsOf(box: unknown): unknown {
  if (!Array.isArray(box)) return box
  const [left, top, width, height] = box as unknown[]
  return { left, top, width, height }
}
