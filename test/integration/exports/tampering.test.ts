import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyAuditedSet, verifyRecordedSet } from '../../../src/engine/exchange/audited-set-verify.ts'
import { sha256 } from '../../../src/engine/exchange/sha256.ts'
import type { ExportRecord } from '../../../src/shared/contract/exports.ts'
import { rejectionOf } from '../../support/errors.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { auditedWorkspace, requestFor, verdict } from './audited-workspace.ts'

const root = temporaryFolder()
let audited: ReturnType<typeof auditedWorkspace>
let folderSet: ExportRecord
let zipSet: ExportRecord

beforeAll(async () => {
  audited = auditedWorkspace(root, { samples: 2 })
  verdict(audited.workspace, [1, 2], 'accept')
  folderSet = await audited.run(requestFor(audited.folder))
  zipSet = await audited.run(requestFor(audited.folder, { format: 'zip' }))
})
afterAll(() => audited.close())

/** Changes one bit in the middle of a file. */
function flipBit(file: string): void {
  const bytes = readFileSync(file)
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
  writeFileSync(file, bytes)
}

type Manifest = { files: { path: string; bytes: number; sha256: string }[]; createdBy: string }

function editManifest(folder: string, edit: (manifest: Manifest) => void): void {
  const file = join(folder, 'manifest.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest
  edit(manifest)
  writeFileSync(file, JSON.stringify(manifest))
}

const MAPS = 'maps.csv'
const HASH = /SHA-256 [0-9a-f]{64}/

const CASES: [
  string,
  (folder: string) => void,
  { path: string; problem: string; found: RegExp | string }[],
][] = [
  [
    'a changed byte',
    (folder) => flipBit(join(folder, 'inputs.npy')),
    [{ path: 'inputs.npy', problem: 'changed', found: HASH }],
  ],
  [
    'a longer file',
    (folder) => writeFileSync(join(folder, MAPS), '1\n', { flag: 'a' }),
    [{ path: MAPS, problem: 'changed', found: /^\d+ bytes$/ }],
  ],
  [
    'a deleted file',
    (folder) => rmSync(join(folder, 'verdicts.jsonl')),
    [{ path: 'verdicts.jsonl', problem: 'missing', found: 'no file' }],
  ],
  [
    'an extra file, deep down and hidden',
    (folder) => writeFileSync(join(folder, 'maps', '.notes'), 'x'),
    [{ path: 'maps/.notes', problem: 'extra', found: '1 bytes' }],
  ],
  [
    'a renamed file',
    (folder) => renameSync(join(folder, MAPS), join(folder, 'Maps.csv')),
    [
      { path: 'Maps.csv', problem: 'extra', found: /bytes/ },
      { path: MAPS, problem: 'missing', found: 'no file' },
    ],
  ],
  [
    'a link in place of a file, with the same content',
    (folder) => {
      renameSync(join(folder, MAPS), `${folder}-outside.csv`)
      symlinkSync(`${folder}-outside.csv`, join(folder, MAPS))
    },
    [{ path: MAPS, problem: 'unsafe', found: 'a link' }],
  ],
  [
    'a link in place of a folder',
    (folder) => {
      renameSync(join(folder, 'models'), `${folder}-models`)
      symlinkSync(`${folder}-models`, join(folder, 'models'))
    },
    [
      { path: 'models', problem: 'unsafe', found: 'a link' },
      { path: 'models/', problem: 'missing', found: 'no file' },
      { path: 'models/', problem: 'missing', found: 'no file' },
    ],
  ],
  [
    'a manifest that lists another hash',
    (folder) =>
      editManifest(folder, ({ files }) => {
        for (const file of files) if (file.path === MAPS) file.sha256 = '0'.repeat(64)
      }),
    [{ path: MAPS, problem: 'changed', found: HASH }],
  ],
  [
    'a manifest that leaves a file out',
    (folder) =>
      editManifest(folder, (manifest) => {
        manifest.files = manifest.files.filter(({ path }) => path !== MAPS)
      }),
    [{ path: MAPS, problem: 'extra', found: /bytes/ }],
  ],
  ...['../outside.csv', '/etc/hostname', 'maps/../../outside.csv', 'C:\\outside.csv', 'maps//x'].map(
    (path): (typeof CASES)[number] => [
      `a manifest that lists ${path}`,
      (folder) => editManifest(folder, ({ files }) => files.push({ path, bytes: 1, sha256: '0'.repeat(64) })),
      [{ path, problem: 'unsafe', found: /leads out of the set/ }],
    ],
  ),
  [
    'a manifest that lists a file twice',
    (folder) => editManifest(folder, ({ files }) => files.push(...files.filter(({ path }) => path === MAPS))),
    [{ path: MAPS, problem: 'unsafe', found: /listed twice/ }],
  ],
]

describe('tampering with a folder', () => {
  test.each(CASES)('%s is found by name', async (_, tamper, expected) => {
    const copy = join(mkdtempSync(join(root, 'copy-')), 'set')
    cpSync(folderSet.path, copy, { recursive: true })
    tamper(copy)
    const { differences } = await verifyAuditedSet(copy)
    expect(differences).toHaveLength(expected.length)
    differences.forEach(({ path, problem, found }, index) => {
      expect(path).toContain(expected[index]?.path)
      expect(problem).toBe(expected[index]?.problem)
      expect(found).toMatch(expected[index]?.found ?? '')
    })
    expect(new Set(differences.map(({ path }) => path)).size).toBe(differences.length)
  })

  test('is found in sets of version 1 too, which are else as they were written', async () => {
    const copy = join(mkdtempSync(join(root, 'copy-')), 'set')
    cpSync(folderSet.path, copy, { recursive: true })
    editManifest(copy, (manifest) => {
      const { contentUntil, ...kept } = manifest as Manifest & { contentUntil: string }
      for (const key of Object.keys(manifest)) Reflect.deleteProperty(manifest, key)
      const selection = { filter: {}, include: 'any', images: true, matching: 48 }
      Object.assign(manifest, kept, { formatVersion: 1, createdAt: contentUntil, attempt: 'test', selection })
    })
    expect(await verifyAuditedSet(copy)).toMatchObject({ manifest: { formatVersion: 1 }, differences: [] })
    flipBit(join(copy, 'inputs.npy'))
    expect((await verifyAuditedSet(copy)).differences).toMatchObject([{ path: 'inputs.npy' }])
  })

  test('that replaces a file and the manifest is found by the hash that the workspace keeps', async () => {
    const copy = join(mkdtempSync(join(root, 'copy-')), 'set')
    cpSync(folderSet.path, copy, { recursive: true })
    flipBit(join(copy, 'inputs.npy'))
    editManifest(copy, ({ files }) => {
      for (const file of files) {
        if (file.path === 'inputs.npy') file.sha256 = sha256(readFileSync(join(copy, 'inputs.npy')))
      }
    })
    expect((await verifyAuditedSet(copy)).differences).toEqual([])
    const { differences } = await verifyRecordedSet({ ...folderSet, path: copy })
    expect(differences).toEqual([
      {
        path: 'manifest.json',
        problem: 'changed',
        found: `SHA-256 ${sha256(readFileSync(join(copy, 'manifest.json')))}`,
        expected: `SHA-256 ${folderSet.manifestSha256}`,
      },
    ])
  })

  test('that leaves no set is a difference for the workspace, and bad input for everybody else', async () => {
    const copy = join(mkdtempSync(join(root, 'copy-')), 'set')
    expect((await verifyRecordedSet({ ...folderSet, path: copy })).differences).toMatchObject([
      { path: 'set', problem: 'missing' },
    ])
    expect(await rejectionOf(verifyAuditedSet(copy))).toMatchObject({ code: 'not_found', exitCode: 2 })
    cpSync(folderSet.path, copy, { recursive: true })
    const broken = ['{', '[]', '{"format": "heatproof-audited-set", "formatVersion": 3}']
    for (const text of broken) {
      writeFileSync(join(copy, 'manifest.json'), text)
      expect(await rejectionOf(verifyAuditedSet(copy))).toMatchObject({ code: 'bad_file', exitCode: 2 })
      const { differences } = await verifyRecordedSet({ ...folderSet, path: copy })
      expect(differences).toMatchObject([{ path: 'set', problem: 'changed' }])
    }
    rmSync(join(copy, 'manifest.json'))
    expect((await rejectionOf(verifyAuditedSet(copy))).found).toContain('no manifest.json')
  })
})

describe('tampering with a zip', () => {
  const repack = (edit: (files: Record<string, Uint8Array>) => void, options = {}) => {
    const files = unzipSync(readFileSync(zipSet.path))
    edit(files)
    const path = join(mkdtempSync(join(root, 'zip-')), 'set.zip')
    writeFileSync(path, zipSync(files, options))
    return path
  }
  const differencesOf = async (path: string) => (await verifyAuditedSet(path)).differences

  test('packing the same files anew is no difference', async () => {
    expect(await differencesOf(repack(() => undefined, { level: 0 }))).toEqual([])
    expect(await differencesOf(repack((files) => (files['maps/'] = new Uint8Array())))).toEqual([])
  })

  test('changed, missing, extra and escaping files are found by name', async () => {
    const path = repack((files) => {
      files[MAPS] = new TextEncoder().encode('map_id\n')
      delete files['verdicts.csv']
      files['notes.txt'] = new Uint8Array(3)
      files['../escape.txt'] = new Uint8Array(3)
      files['/etc/absolute'] = new Uint8Array(3)
    })
    const differences = await differencesOf(path)
    expect(differences.map((difference) => [difference.path, difference.problem])).toEqual([
      ['../escape.txt', 'unsafe'],
      ['/etc/absolute', 'unsafe'],
      [MAPS, 'changed'],
      ['notes.txt', 'extra'],
      ['verdicts.csv', 'missing'],
    ])
  })

  test('a link is found, although its content is what the manifest says', async () => {
    const files = unzipSync(readFileSync(zipSet.path))
    const path = join(mkdtempSync(join(root, 'zip-')), 'set.zip')
    const link = { os: 3, attrs: 0o120777 << 16 }
    const packed = Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [name, name === MAPS ? ([bytes, link] as const) : bytes]),
    )
    writeFileSync(path, zipSync(packed as Parameters<typeof zipSync>[0]))
    expect(await differencesOf(path)).toMatchObject([{ path: MAPS, problem: 'unsafe', found: 'a link' }])
  })

  test('a name in the file that is not the one in the directory is found', async () => {
    const bytes = readFileSync(zipSet.path)
    const at = bytes.indexOf('inputs.npy')
    bytes.write('output.npy', at)
    const path = join(mkdtempSync(join(root, 'zip-')), 'set.zip')
    writeFileSync(path, bytes)
    expect(await differencesOf(path)).toMatchObject([
      { path: 'inputs.npy', problem: 'unsafe', found: 'a file whose header calls it "output.npy"' },
    ])
  })

  test('a bit that is changed anywhere in packed content is found', async () => {
    const original = readFileSync(zipSet.path)
    const path = join(mkdtempSync(join(root, 'zip-')), 'set.zip')
    const first = original.indexOf('calibration.json') + 'calibration.json'.length + 8
    for (const at of [first, original.indexOf('inputs.npy') + 500]) {
      const bytes = Buffer.from(original)
      bytes[at] = (bytes[at] ?? 0) ^ 0x10
      writeFileSync(path, bytes)
      expect(await differencesOf(path)).toMatchObject([{ problem: 'changed' }])
    }
  })

  test('content that unpacks to more than it claims is not read to its end', async () => {
    const path = repack((files) => (files[MAPS] = new Uint8Array(50_000_000)), { level: 9 })
    const bytes = readFileSync(path)
    const listed = (
      JSON.parse(readFileSync(join(folderSet.path, 'manifest.json'), 'utf8')) as Manifest
    ).files.find((file) => file.path === MAPS)
    const inDirectory = bytes.lastIndexOf(MAPS) - 46
    bytes.writeUInt32LE(listed?.bytes ?? 0, inDirectory + 24)
    writeFileSync(path, bytes)
    expect(await differencesOf(path)).toMatchObject([
      { path: MAPS, problem: 'changed', found: 'content that cannot be unpacked' },
    ])
  })

  test.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 30)],
    ['text', () => Buffer.from('no zip at all')],
    ['empty', () => Buffer.alloc(0)],
    ['without a manifest', () => Buffer.from(zipSync({ 'a.txt': new Uint8Array(1) }))],
  ])('a file that is %s is no set', async (_, damage) => {
    const path = join(mkdtempSync(join(root, 'zip-')), 'set.zip')
    writeFileSync(path, damage(readFileSync(zipSet.path)))
    expect(await rejectionOf(verifyAuditedSet(path))).toMatchObject({ code: 'bad_file', exitCode: 2 })
    expect((await verifyRecordedSet({ ...zipSet, path })).differences).toMatchObject([
      { path: 'set.zip', problem: 'changed' },
    ])
  })

  test('verifying writes nothing', () => {
    expect(readdirSync(audited.folder).sort()).toEqual(['set', 'set.zip'])
    expect(existsSync(join(root, 'escape.txt'))).toBe(false)
  })
})
