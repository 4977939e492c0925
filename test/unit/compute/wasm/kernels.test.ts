import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const KERNELS = new URL('../../../../src/engine/compute/wasm/kernels.wasm', import.meta.url)

test('kernels.wasm is what its sources compile to', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heatproof-kernels-'))
  try {
    const compiled = join(folder, 'kernels.wasm')
    const options = { encoding: 'utf8', shell: process.platform === 'win32' } as const
    const { status, stderr } = spawnSync('npm', ['run', '--silent', 'kernels', '--', '-o', compiled], options)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(readFileSync(compiled)).toEqual(readFileSync(KERNELS))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
