import { expect, test } from 'vitest'
import { FREE_TRIES } from '../../../src/hosts/server/security/wrong-tokens.ts'
import { withServer } from './with-server.ts'

test('guesses are answered later and later, and the owner at the same address is not', async () => {
  const { ask } = await withServer()
  const guess = (token: string) =>
    ask('/maps/1.f32', { token: false, headers: { authorization: `Bearer ${token}` } })
  for (let turn = 0; turn < FREE_TRIES; turn += 1) expect((await guess(`guess${turn}`)).status).toBe(403)
  const start = performance.now()
  expect((await guess('another')).status).toBe(403)
  expect((await ask('/open?token=guess', { token: false })).status).toBe(403)
  expect(performance.now() - start).toBeGreaterThan(290)
  const many = Array.from({ length: 20 }, (_, turn) => guess(`more${turn}`))
  const asked = performance.now()
  expect((await ask('/maps/1.f32')).status).toBe(200)
  expect(performance.now() - asked).toBeLessThan(1000)
  expect((await ask('/maps/1.f32', { token: false })).status).toBe(403)
  expect(performance.now() - asked).toBeLessThan(1000)
  void Promise.allSettled(many)
})
