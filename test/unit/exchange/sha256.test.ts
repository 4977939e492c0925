import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sha256, sha256OfFile } from '../../../src/engine/exchange/sha256.ts'

// Vectors of FIPS 180-2.
it.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
])('hashes text, bytes and files alike (%#)', async (text, expected) => {
  const folder = await mkdtemp(join(tmpdir(), 'heatproof-sha256-'))
  await writeFile(join(folder, 'file'), text)
  expect(sha256(text)).toBe(expected)
  expect(sha256(Buffer.from(text))).toBe(expected)
  expect(await sha256OfFile(join(folder, 'file'))).toBe(expected)
  await rm(folder, { recursive: true })
})
