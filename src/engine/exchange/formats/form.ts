import type { SetContext } from '../audited-set-context.ts'

/** How an export is written for a tool. Each writes its own files; manifest, hashes and datasheet come by themselves. */
export interface Form {
  /** Writes the files, and reports each page of maps. */
  write: (context: SetContext) => Promise<void>
  /** What stands where and how it is opened, for the README: lines of at most 120 characters. */
  readme: string
}
