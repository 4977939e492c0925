import { z } from 'zod'
import { EXPORT_FORMS } from '../export-forms.ts'
import { CONSENSUS_RULES } from '../names.ts'
import { Empty, Hash, Id, Instant, MapFilter, PersonName } from './common.ts'

export const ExportRequest = z.object({
  filter: MapFilter,
  /**
   * Maps by what their reviewers say together: `consensus`: accept or fail (who is unsure has not decided); `any`: every matching
   * map, reviewed or not.
   */
  include: z.enum(['accepted', 'failed', 'unsure', 'consensus', 'any']).default('consensus'),
  /** How the verdicts of several reviewers become one. */
  rule: z.enum(CONSENSUS_RULES).default('majority'),
  /** Whose verdicts count, and are written; absent: everybody's. */
  reviewers: z.array(PersonName).min(1).max(1000).optional(),
  /** What scores follow: the active calibration, the default one, or the version with this number. */
  calibration: z.union([z.enum(['active', 'default']), z.int().min(1)]).default('active'),
  /** What is written: an audited set, or what another tool reads. */
  form: z.enum(EXPORT_FORMS).default('set'),
  format: z.enum(['folder', 'zip']).default('folder'),
  /** One of the workspace's folders; the export makes a new folder or file in it. */
  folder: z.string().min(1).max(4096),
  /** Name of the new folder or zip file. */
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,119}$/, 'letters, digits, space, dot, dash and underscore'),
  /** Of an audited set; other forms have pictures where their tools need them. */
  images: z.boolean().default(true),
  createdBy: PersonName,
})
export type ExportRequest = z.infer<typeof ExportRequest>

/** Whose verdicts choose the maps, how, and what scores follow. */
export type VerdictChoice = Pick<ExportRequest, 'include' | 'rule' | 'reviewers' | 'calibration'>

export const Difference = z.object({
  path: z.string(),
  problem: z.enum(['missing', 'extra', 'changed', 'unsafe']),
  found: z.string(),
  expected: z.string(),
})
export type Difference = z.infer<typeof Difference>

export const ExportRecord = z.object({
  id: Id,
  path: z.string(),
  form: z.enum(EXPORT_FORMS),
  format: z.enum(['folder', 'zip']),
  maps: z.int(),
  verdicts: z.int(),
  bytes: z.int(),
  manifestSha256: Hash,
  createdBy: z.string(),
  createdAt: Instant,
})
export type ExportRecord = z.infer<typeof ExportRecord>

export const exportsContract = {
  'exports.preview': {
    input: ExportRequest.pick({
      filter: true,
      include: true,
      form: true,
      rule: true,
      reviewers: true,
      images: true,
    }),
    output: z.object({ maps: z.int(), matching: z.int(), samples: z.int(), models: z.int(), bytes: z.int() }),
  },
  'exports.start': { input: ExportRequest, output: z.object({ jobId: Id }) },
  'exports.list': { input: Empty, output: z.array(ExportRecord) },
  'exports.verify': {
    input: z.object({ id: Id }),
    output: z.object({ files: z.int(), differences: z.array(Difference) }),
  },
}
