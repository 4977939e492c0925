import { describe, expect, it } from 'vitest'
import { availableBackends } from '../../src/engine/compute/backend.ts'

/** Where a run must not leave a backend out in silence, it names them: `HEATPROOF_REQUIRE_BACKENDS=wasm,tensorflow`. */
const required = (process.env['HEATPROOF_REQUIRE_BACKENDS'] ?? 'wasm').split(',')

describe('backends', () => {
  it.each(required)('%s is there', async (name) => {
    const status = (await availableBackends()).find((backend) => backend.name === name)
    expect(status).toMatchObject({ available: true, reason: '' })
  })
})
