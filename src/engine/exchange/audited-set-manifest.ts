import { z } from 'zod'
import { Hash, Instant, MapFilter } from '../../shared/contract/common.ts'
import { ExportRequest } from '../../shared/contract/exports.ts'
import { ModelSummary, Target } from '../../shared/contract/runs.ts'
import { ActiveCalibration } from '../../shared/contract/workspace.ts'
import { firstIssue } from '../../shared/schema-issue.ts'
import { badFile } from './bad-input.ts'

export const MANIFEST = 'manifest.json'
export const FORMAT = 'heatproof-audited-set'
export const FORMAT_VERSION = 1

const Versions = z.record(z.string(), z.string())

/** A file as the manifest lists it; whether its path is safe is for the verification to say. */
export const ListedFile = z.object({ path: z.string(), bytes: z.int().min(0), sha256: Hash })
export type ListedFile = z.infer<typeof ListedFile>

/** What `manifest.json` of an audited set says. */
export const SetManifest = z.object({
  format: z.literal(FORMAT),
  formatVersion: z.literal(FORMAT_VERSION),
  name: z.string(),
  createdBy: z.string(),
  createdAt: Instant,
  /** The attempt that wrote the set; a job that was interrupted at the very end knows its work by it. */
  attempt: z.string(),
  /** Of what wrote the set; what computed the maps stands with the runs. */
  versions: Versions,
  selection: z.object({
    filter: MapFilter,
    include: ExportRequest.shape.include,
    images: z.boolean(),
    /** Maps that the filter let through, included or not. */
    matching: z.int(),
  }),
  counts: z.object({
    maps: z.int(),
    samples: z.int(),
    models: z.int(),
    verdicts: z.int(),
    latestVerdicts: z.int(),
    /** Maps by consensus. */
    consensus: z.object({
      accept: z.int(),
      fail: z.int(),
      unsure: z.int(),
      tie: z.int(),
      none: z.int(),
    }),
  }),
  calibration: ActiveCalibration,
  models: z.array(
    z.object({ file: z.string(), ...ModelSummary.omit({ id: true, createdAt: true, label: true }).shape }),
  ),
  runs: z.array(
    z.object({
      id: z.int(),
      title: z.string(),
      seed: z.int(),
      target: Target,
      methods: z.array(z.string()),
      backend: z.string().nullable(),
      device: z.string().nullable(),
      versions: Versions,
      createdAt: Instant,
    }),
  ),
  sampleSets: z.array(
    z.object({
      name: z.string(),
      dataset: z.string(),
      split: z.string(),
      fold: z.int(),
      items: z.int(),
      seed: z.int(),
      source: z.object({ files: z.array(z.object({ name: z.string(), sha256: z.string() })) }),
    }),
  ),
  /** Every file of the set but the manifest itself. */
  files: z.array(ListedFile),
})
export type SetManifest = z.infer<typeof SetManifest>

/** Reads a manifest. @throws HeatproofError `bad_file` when it is none of an audited set, or of a newer format */
export function parseManifest(text: string, source: string): SetManifest {
  const manifest = SetManifest.safeParse(parseJson(text))
  if (manifest.success) return manifest.data
  const { where, expected } = firstIssue(manifest.error)
  throw badFile({
    source,
    found: where === '' ? 'text that is no JSON object' : `something else at '${where}'`,
    expected: `the manifest of an audited set, format ${FORMAT}, version ${FORMAT_VERSION}${where === '' ? '' : `; at '${where}', ${expected}`}`,
    advice: 'Give the folder or zip that an export has made, by a Heatproof that is not newer than this one.',
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
