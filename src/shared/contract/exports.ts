import { z } from 'zod'
import { Empty, Hash, Id, Instant, MapFilter, PersonName } from './common.ts'

export const ExportRequest = z.object({
  filter: MapFilter,
  /**
   * `consensus`: only maps that most of their reviewers accept, or fail (a majority that is unsure has not decided);
   * `any`: every matching map.
   */
  include: z.enum(['accepted', 'consensus', 'any']).default('consensus'),
  format: z.enum(['folder', 'zip']).default('folder'),
  /** One of the workspace's folders; the export makes a new folder or file in it. */
  folder: z.string().min(1).max(4096),
  /** Name of the new folder or zip file. */
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,119}$/, 'letters, digits, space, dot, dash and underscore'),
  images: z.boolean().default(true),
  createdBy: PersonName,
})
export type ExportRequest = z.infer<typeof ExportRequest>

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
    input: ExportRequest.pick({ filter: true, include: true, images: true }),
    output: z.object({ maps: z.int(), matching: z.int(), samples: z.int(), models: z.int(), bytes: z.int() }),
  },
  'exports.start': { input: ExportRequest, output: z.object({ jobId: Id }) },
  'exports.list': { input: Empty, output: z.array(ExportRecord) },
  'exports.verify': {
    input: z.object({ id: Id }),
    output: z.object({ files: z.int(), differences: z.array(Difference) }),
  },
}
