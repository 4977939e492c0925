import { z } from 'zod'
import { Empty, Id, Instant } from './common.ts'

/** Samples that somebody brought: images, or what imported maps are of. */
export const ImportedSet = z.object({
  id: Id,
  name: z.string(),
  count: z.int(),
  /** Space of the inputs. */
  bytes: z.int(),
  /** Runs of its samples that are there, those that maps came with among them. */
  runs: z.int(),
  /** Whether it was deleted, and some of its samples are still there. */
  deleted: z.boolean(),
  createdAt: Instant,
})
export type ImportedSet = z.infer<typeof ImportedSet>

/** What deleting an imported set would take away. */
export const SetRemoval = z.object({
  samples: z.int(),
  maps: z.int(),
  /** Titles of the runs that go. */
  runs: z.array(z.string()),
  /** Networks of which the workspace has only maps of these samples. */
  models: z.array(z.string()),
  /** Space of samples and maps. */
  bytes: z.int(),
  /** Whether the workspace file becomes smaller; otherwise its space is used for new maps. */
  shrinks: z.boolean(),
  /** Why the set cannot be deleted; null: it can. */
  refusal: z.object({ found: z.string(), expected: z.string(), advice: z.string() }).nullable(),
})
export type SetRemoval = z.infer<typeof SetRemoval>

export const setsContract = {
  /** By ascending id. */
  'sets.list': { input: Empty, output: z.array(ImportedSet) },
  /** What `sets.remove` would do. */
  'sets.removal': { input: z.object({ id: Id }), output: SetRemoval },
  /**
   * Deletes an imported set with its samples, regions and answers, its runs and all of their maps, and the networks of which
   * nothing else is known. It is refused as a whole (`conflict`) when one of the maps has a verdict, also one that was taken back,
   * or may be in an export, and while a run of it or an import is not finished. For a set that was deleted in part, it goes on.
   */
  'sets.remove': { input: z.object({ id: Id }), output: z.object({ jobId: Id }) },
}
