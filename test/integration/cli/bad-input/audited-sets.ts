import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { heatproofIn } from '../heatproof.ts'
import { newPlace, type Place } from './place.ts'
import type { BadInput } from './refusal.ts'
import { toBadInput, type Row } from './row.ts'
import { onWorkspace, reviewedWorkspace } from './workspace-files.ts'

/** A sound set that the program itself exported; the same for all cases. */
const sets = new Map<string, Promise<string>>()

async function exportSound(root: string): Promise<string> {
  const place = newPlace(root)
  const out = place.path('set')
  const args = [
    'export',
    ...onWorkspace(place, reviewedWorkspace()),
    '--out',
    out,
    '--no-images',
    '--by',
    'Ada',
  ]
  const { status, stderr } = await heatproofIn(place, args)
  if (status !== 0) throw new Error(stderr)
  return out
}

function soundSet(root: string): Promise<string> {
  const set = sets.get(root) ?? exportSound(root)
  sets.set(root, set)
  return set
}

/** The command line that verifies a copy of the sound set with something changed. */
const changed =
  (change: (set: string) => void) =>
  async (place: Place): Promise<string[]> => {
    const set = place.path('set')
    cpSync(await soundSet(join(place.folder, '..')), set, { recursive: true })
    change(set)
    return ['verify', set]
  }

interface Manifest {
  format: string
  formatVersion: number
  files: { path: string; bytes: number; sha256: string }[]
}

const manifest = (change: (manifest: Manifest) => void) =>
  changed((set) => {
    const path = join(set, 'manifest.json')
    const content = JSON.parse(readFileSync(path, 'utf8')) as Manifest
    change(content)
    writeFileSync(path, JSON.stringify(content))
  })

const listed = (path: string) =>
  manifest(({ files }) => files.push({ path, bytes: 0, sha256: '0'.repeat(64) }))

const EXPORTED = 'Give the folder or zip that an export has made'

const NO_SETS: readonly Row[] = [
  [
    'a set that is missing',
    () => ['verify', 'none'],
    /no folder or file .*none/,
    'the folder or zip of an audited set',
    'Check the path',
    { json: true },
  ],
  [
    'a folder without a manifest',
    changed((set) => rmSync(join(set, 'manifest.json'))),
    'no manifest.json in ',
    'an audited set',
    EXPORTED,
  ],
  [
    'a file that is no zip',
    (place) => ['verify', place.put('set.zip', 'PK, said the file')],
    /set\.zip/,
    'zip',
    '',
  ],
  [
    'a manifest that is no JSON',
    changed((set) => writeFileSync(join(set, 'manifest.json'), '{"files"')),
    'text that is no JSON',
    'the manifest of an audited set',
    EXPORTED,
  ],
  [
    'a manifest of something else',
    manifest((content) => (content.format = 'recipe')),
    "something else at 'format'",
    'format heatproof-audited-set',
    EXPORTED,
    { json: true },
  ],
  [
    'a manifest of a newer format',
    manifest((content) => (content.formatVersion = 3)),
    "at 'formatVersion'",
    'version 1 or 2',
    'not newer than this one',
  ],
  [
    'a manifest without files',
    manifest((content) => Reflect.deleteProperty(content, 'files')),
    "at 'files'",
    'a list',
    EXPORTED,
  ],
]

const DIFFERENCES: readonly Row[] = [
  [
    'a file that was changed',
    changed((set) => writeFileSync(join(set, 'maps.csv'), '\n', { flag: 'a' })),
    'one difference in ',
    'as the manifest lists it',
    'Do not rely',
    { prints: /^changed {2}maps\.csv$/m },
  ],
  [
    'a file that is missing',
    changed((set) => rmSync(join(set, 'verdicts.csv'))),
    'one difference',
    'as the manifest',
    'Do not rely',
    { prints: /^missing {2}verdicts\.csv$/m },
  ],
  [
    'a file of nobody',
    changed((set) => writeFileSync(join(set, 'notes.txt'), 'x')),
    'one difference',
    'and no other',
    'Do not rely',
    { prints: /^extra {4}notes\.txt$/m },
  ],
  [
    'a link in place of a file',
    changed((set) => symlinkSync('/etc/hosts', join(set, 'hosts'))),
    'one difference',
    'and no other',
    'Do not rely',
    { prints: /^unsafe {3}hosts$/m },
  ],
  [
    'a path that leads out of the set',
    listed('../../outside'),
    'difference',
    'as the manifest',
    'Do not rely',
    { prints: /^unsafe {3}\.\.\/\.\.\/outside$/m },
  ],
  [
    'an absolute path',
    listed('/etc/passwd'),
    'difference',
    'as the manifest',
    'Do not rely',
    { prints: /^unsafe {3}\/etc\/passwd$/m },
  ],
]

export const AUDITED_SETS: readonly BadInput[] = [
  ...NO_SETS.map(toBadInput),
  ...DIFFERENCES.map((row) => ({ ...toBadInput(row), exit: 1 as const })),
]
