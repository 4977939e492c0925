import { expect, test } from 'vitest'
import { FREE_TRIES, WrongTokens } from '../../../../src/hosts/server/security/wrong-tokens.ts'

function counted() {
  let now = 0
  const tokens = new WrongTokens(() => now)
  const many = (address: string, count: number) =>
    Array.from({ length: count }, () => tokens.delayOf(address)).at(-1)
  return { many, pass: (milliseconds: number) => (now += milliseconds) }
}

test('the first refusals come at once, later ones twice as late each time, up to five seconds', () => {
  const { many } = counted()
  expect(many('a', FREE_TRIES)).toBe(0)
  expect([many('a', 1), many('a', 1), many('a', 1)]).toEqual([100, 200, 400])
  expect(many('a', 100)).toBe(5000)
})

test('each address is counted for itself, and forgotten after a minute', () => {
  const { many, pass } = counted()
  many('a', 50)
  expect(many('b', 1)).toBe(0)
  pass(60_001)
  expect(many('a', 1)).toBe(0)
})

test('no number of addresses fills the memory: the oldest is forgotten', () => {
  const { many } = counted()
  many('a', 50)
  for (let other = 0; other < 1000; other += 1) many(`address ${other}`, 1)
  expect(many('a', 1)).toBe(0)
})
