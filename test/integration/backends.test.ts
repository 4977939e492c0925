import { describe, expect, it } from 'vitest'
import { availableBackends } from '../../src/engine/compute/backend.ts'

/** Where a run must not leave a backend out in silence, it names them: `HEATPROOF_REQUIRE_BACKENDS=wasm,tensorflow`. */
const required = (process.env['HEATPROOF_REQUIRE_BACKENDS'] ?? 'wasm').split(',')

const statuses = await availableBackends()

describe('backends', () => {
  it.each(required)('%s is there', (name) => {
    const status = statuses.find((backend) => backend.name === name)
    expect(status).toMatchObject({ available: true, reason: '' })
  })

  for (const { name, available, reason, device } of statuses) {
    it.skipIf(!available)(`${name}: ${available ? `on ${device}` : `left out, ${reason}`}`, () => {
      expect(device).not.toBe('')
    })
  }
})
