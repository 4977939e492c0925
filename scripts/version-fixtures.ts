import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { WORKSPACE_VERSION } from '../src/engine/workspace/migrations/migrations.ts'
import { fixtureOf } from '../test/support/versions/fixtures.ts'
import { makeVersion } from '../test/support/versions/make-version.ts'

// `npm run fixtures` keeps a workspace of every version that has none yet. What is kept is never made again: it stands for the
// files that people have.
const folder = mkdtempSync(join(tmpdir(), 'heatproof-fixtures-'))
try {
  for (let version = 1; version <= WORKSPACE_VERSION; version += 1) {
    const kept = fixtureOf(version)
    if (existsSync(kept)) continue
    const made = join(folder, `${version}.heatproof`)
    await makeVersion(made, version)
    mkdirSync(join(kept, '..'), { recursive: true })
    const packed = gzipSync(readFileSync(made), { level: 9 })
    writeFileSync(kept, packed)
    console.log(`${kept}: ${packed.length} bytes`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
