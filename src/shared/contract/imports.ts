import { z } from 'zod'
import { IMPORT_FORMATS, INPUT_LAYOUTS, MAP_LAYOUTS } from '../imports.ts'
import { Box, Empty, Hash, Id, Instant, PersonName } from './common.ts'
import { Target } from './runs.ts'

const Name = z.string().trim().min(1).max(120)

/** What the user says outright; whatever is absent is found out from the files. */
export const ImportOptions = z.strictObject({
  /** What the sample set is called; its inputs are known by it. */
  name: Name.optional(),
  /** The network that the maps explain. */
  model: Name.optional(),
  /** What computed the maps, with its version. */
  tool: Name.optional(),
  inputLayout: z.enum(INPUT_LAYOUTS).optional(),
  mapLayout: z.enum(MAP_LAYOUTS).optional(),
  /** What becomes -1 and 1. */
  inputRange: z
    .tuple([z.number(), z.number()])
    .refine(([low, high]) => low < high, 'a lower end below the upper one')
    .optional(),
  /** The class that every map explains, where the files do not say. */
  explains: Target.optional(),
  /** What the classes are called, from 0 on. */
  classNames: z.array(Name).max(10_000).optional(),
})
export type ImportOptions = z.infer<typeof ImportOptions>

export const ImportSource = z.object({
  /** Absolute; inside one of the workspace's folders. */
  path: z.string().min(1).max(4096),
  /** Absent: found out. */
  format: z.enum(IMPORT_FORMATS).optional(),
  options: ImportOptions.default({}),
  /** Who imports, and the reviewer of verdicts whose file names none. */
  createdBy: PersonName.optional(),
})
export type ImportSource = z.infer<typeof ImportSource>

export const ImportRequest = ImportSource.extend({ createdBy: PersonName })
export type ImportRequest = z.infer<typeof ImportRequest>

/** One sample as it would be stored, with one map. */
export const ImportPreview = z.object({
  title: z.string(),
  rows: z.int(),
  columns: z.int(),
  channels: z.int(),
  /** rows x columns x channels in [-1, 1]. */
  input: z.array(z.number()),
  /** rows x columns; null: the import brings none. */
  map: z.array(z.number()).nullable(),
  boxes: z.array(Box),
})
export type ImportPreview = z.infer<typeof ImportPreview>

/** What a path holds, read without storing anything. */
export const ImportFindings = z.object({
  format: z.enum(IMPORT_FORMATS),
  /** Each with what it was taken for, e.g. `inputs`: `[100, 28, 84] float32, taken as N x rows x columns`. */
  facts: z.array(z.object({ name: z.string(), value: z.string() })),
  /** What looks wrong and is imported all the same. */
  warnings: z.array(z.string()),
  /** What keeps it from being imported. */
  conflicts: z.array(z.string()),
  previews: z.array(ImportPreview),
})
export type ImportFindings = z.infer<typeof ImportFindings>

export const ImportRecord = z.object({
  id: Id,
  format: z.enum(IMPORT_FORMATS),
  /** Name of the file or folder, without its path. */
  source: z.string(),
  sha256: Hash,
  tool: z.string().nullable(),
  /** What is new in the workspace by it, e.g. `maps`: 300; `images` came without maps. */
  counts: z.record(z.string(), z.int()),
  warnings: z.array(z.string()),
  /** The run that its maps are shown as. */
  runId: Id.nullable(),
  createdBy: z.string(),
  createdAt: Instant,
})
export type ImportRecord = z.infer<typeof ImportRecord>

/** Something in one of the workspace's folders that can be imported. */
export const ImportCandidate = z.object({
  path: z.string(),
  name: z.string(),
  format: z.enum(IMPORT_FORMATS),
})
export type ImportCandidate = z.infer<typeof ImportCandidate>

export const importsContract = {
  /** What lies directly in the workspace's folders and can be imported, by name. */
  'imports.candidates': { input: Empty, output: z.array(ImportCandidate) },
  'imports.inspect': { input: ImportSource, output: ImportFindings },
  /** All or nothing: what is wrong with a file is found before anything is stored, and a failed or cancelled import leaves nothing. */
  'imports.start': { input: ImportRequest, output: z.object({ jobId: Id }) },
  'imports.list': { input: Empty, output: z.array(ImportRecord) },
}
