import { z } from 'zod'
import { Hash, Instant, MapFilter } from '../../shared/contract/common.ts'
import { EXPORT_FORMS } from '../../shared/export-forms.ts'
import { ExportRequest } from '../../shared/contract/exports.ts'
import { ModelSummary, Target } from '../../shared/contract/runs.ts'
import { ActiveCalibration } from '../../shared/contract/workspace.ts'
import { firstIssue } from '../../shared/schema-issue.ts'
import { badFile } from './bad-input.ts'

export const MANIFEST = 'manifest.json'
export const FORMAT = 'heatproof-audited-set'
/** Sets of version 1 can still be read; see {@link AnySetManifest}. */
export const FORMAT_VERSION = 2

const Versions = z.record(z.string(), z.string())

/** A file as the manifest lists it; whether its path is safe is for the verification to say. */
export const ListedFile = z.object({ path: z.string(), bytes: z.int().min(0), sha256: Hash })
export type ListedFile = z.infer<typeof ListedFile>

/**
 * What `manifest.json` of an audited set says. It follows from the content and the request alone: when the set was written and by
 * which job, its workspace knows, so that the same set written twice is the same bytes.
 */
export const SetManifest = z.object({
  format: z.literal(FORMAT),
  formatVersion: z.literal(FORMAT_VERSION),
  /** Absent: an audited set, as it is when it has all of its parts. */
  form: z.enum(EXPORT_FORMS).default('set'),
  name: z.string(),
  createdBy: z.string(),
  /** When the latest of its maps and verdicts was made. */
  contentUntil: Instant,
  /** Of what wrote the set; what computed the maps stands with the runs. */
  versions: Versions,
  selection: z.object({
    filter: MapFilter,
    include: ExportRequest.shape.include,
    rule: ExportRequest.shape.rule,
    /** null: everybody. */
    reviewers: z.array(z.string()).nullable(),
    calibration: ExportRequest.shape.calibration,
    images: z.boolean(),
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
    z.object({
      /** Its weights; null in a form that has none. */
      file: z.string().nullable(),
      ...ModelSummary.omit({ id: true, createdAt: true, label: true }).shape,
    }),
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

/** What manifests of version 1 say: also when and by which attempt the set was written, and how many maps the filter let through. */
const SetManifest1 = z.object({
  ...SetManifest.omit({ contentUntil: true }).shape,
  formatVersion: z.literal(1),
  createdAt: Instant,
  attempt: z.string(),
  selection: SetManifest.shape.selection
    .pick({ filter: true, include: true, images: true })
    .extend({ matching: z.int() }),
})

/** The manifest of a set that any version has written. */
export const AnySetManifest = z.discriminatedUnion('formatVersion', [SetManifest, SetManifest1])
export type AnySetManifest = z.infer<typeof AnySetManifest>

/** Reads a manifest. @throws HeatproofError `bad_file` when it is none of an audited set, or of a newer format */
export function parseManifest(text: string, source: string): AnySetManifest {
  const manifest = AnySetManifest.safeParse(parseJson(text))
  if (manifest.success) return manifest.data
  const { where, expected } = firstIssue(manifest.error)
  throw badFile({
    source,
    found: where === '' ? 'text that is no JSON object' : `something else at '${where}'`,
    expected: `the manifest of an audited set, format ${FORMAT}, version 1 or ${FORMAT_VERSION}${where === '' ? '' : `; at '${where}', ${expected}`}`,
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
