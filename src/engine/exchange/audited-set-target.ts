import { existsSync, lstatSync, realpathSync, statSync } from 'node:fs'
import { link, lstat, mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { ExportRequest } from '../../shared/contract/exports.ts'
import { HeatproofError } from '../../shared/errors.ts'

/**
 * Where a set goes: a name directly in one of the allowed folders.
 *
 * @param folders the allowed folders, absolute
 * @returns the absolute path, links in the folder's own path resolved
 * @throws HeatproofError `forbidden` (another folder), `bad_argument` (a name that is more than a name)
 */
export function exportTarget(
  { folder, name, format }: Pick<ExportRequest, 'folder' | 'name' | 'format'>,
  folders: readonly string[],
): string {
  if (!ExportRequest.shape.name.safeParse(name).success || basename(name) !== name) {
    throw new HeatproofError('bad_argument', {
      found: `the name ${JSON.stringify(name)}`,
      expected: 'a name of letters, digits, spaces, dots, dashes and underscores',
      advice: 'Choose another name.',
    })
  }
  return join(allowedFolder(folder, folders), fileName(name, format))
}

function fileName(name: string, format: ExportRequest['format']): string {
  return format === 'zip' && !name.toLowerCase().endsWith('.zip') ? `${name}.zip` : name
}

function allowedFolder(folder: string, folders: readonly string[]): string {
  const real = realFolder(folder)
  if (real !== null && folders.some((allowed) => realFolder(allowed) === real)) return real
  throw new HeatproofError('forbidden', {
    found: `the folder ${folder}`,
    expected: `one of the folders that were chosen for exports: ${folders.join(', ')}`,
    advice: 'Choose one of these, or start Heatproof with the folder (`--folder`).',
  })
}

function realFolder(folder: string): string | null {
  if (!isAbsolute(folder) || !existsSync(folder)) return null
  const real = realpathSync(folder)
  return statSync(real).isDirectory() ? real : null
}

/** A link counts as taken, wherever it leads. @throws HeatproofError `conflict` */
export function requireFree(target: string): void {
  if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) throw taken(target)
}

function taken(target: string, cause?: unknown): HeatproofError {
  return new HeatproofError('conflict', {
    found: `something called ${target}`,
    expected: 'a name that is free: a set never replaces another file or folder',
    advice: 'Choose another name.',
    cause,
  })
}

/** Folder beside the target in which a set is made, the same for every attempt of one job. */
export function stagingFolder(target: string, token: string): string {
  return join(dirname(target), `.${basename(target)}.${token}.part`)
}

/** Makes the empty staging folder; what an earlier attempt has left there is removed. */
export async function makeStagingFolder(staging: string): Promise<void> {
  await rm(staging, { recursive: true, force: true })
  await mkdir(staging)
}

/** Puts a finished folder or file in its place in one step. @throws HeatproofError `conflict` when the name was taken meanwhile */
export async function putInPlace(made: string, target: string): Promise<void> {
  const isFolder = (await lstat(made)).isDirectory()
  try {
    if (isFolder) {
      requireFree(target)
      await rename(made, target)
    } else {
      await link(made, target)
      await rm(made)
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'EEXIST' || code === 'ENOTEMPTY' || code === 'ENOTDIR') throw taken(target, error)
    if (isFolder || !NO_LINKS.has(String(code))) throw error
    requireFree(target)
    await rename(made, target)
  }
}

/** What file systems without hard links answer. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])
