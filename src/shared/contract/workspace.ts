import { z } from 'zod'
import { Backend, Empty, Id, PersonName } from './common.ts'
import { Standing } from './reviewers.ts'

export const ActiveCalibration = z.object({
  /** null: the default, tau 0.8 and no threshold. */
  id: Id.nullable(),
  version: z.int().nullable(),
  metric: z.string().nullable(),
  tau: z.number(),
  theta: z.number().nullable(),
})
export type ActiveCalibration = z.infer<typeof ActiveCalibration>

export const WorkspaceSummary = z.object({
  name: z.string(),
  path: z.string(),
  /** Under which name the caller decides. */
  reviewer: z.string(),
  reviewers: z.array(z.string()),
  /** What the caller may do; only the owner may choose another name. */
  standing: Standing,
  counts: z.object({
    samples: z.int(),
    models: z.int(),
    runs: z.int(),
    maps: z.int(),
    verdicts: z.int(),
    calibrations: z.int(),
    exports: z.int(),
  }),
  calibration: ActiveCalibration,
  /** Verdicts by now that would change the active calibration, were it fitted again; 0 for the default. */
  newerVerdicts: z.int(),
  /** The compute device as people read it, and the backend that uses it; null while the backend is still being loaded. */
  device: z.object({ label: z.string(), backend: Backend, workers: z.int() }).nullable(),
  /** What the classes of imported data sets are called, by data set. */
  classNames: z.record(z.string(), z.array(z.string())),
  /** Networks from elsewhere, oldest first: by them each has a look of its own. */
  networks: z.array(z.string()),
  /** Folders that exports may be written to, and imports read from; the first is the default. */
  folders: z.array(z.string()),
  version: z.string(),
})
export type WorkspaceSummary = z.infer<typeof WorkspaceSummary>

export const workspaceContract = {
  'workspace.summary': { input: Empty, output: WorkspaceSummary },
  'workspace.setReviewer': { input: z.object({ name: PersonName }), output: WorkspaceSummary },
  /** Fills an empty workspace with the shipped models, digits and one run; answers with the job that computes it. */
  'workspace.openSample': { input: Empty, output: z.object({ jobId: Id }) },
}
