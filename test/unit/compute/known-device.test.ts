import { expect, test, vi } from 'vitest'
import { knownDevice } from '../../../src/engine/compute/known-device.ts'

test('finds out in the background, once, and tells when it knows', async () => {
  const find = vi.fn(() => Promise.resolve('CPU'))
  const told = Promise.withResolvers<null>()
  const device = knownDevice(find, () => told.resolve(null), 0)
  expect([device.current(), device.current()]).toEqual([null, null])
  await told.promise
  expect([device.current(), device.current()]).toEqual(['CPU', 'CPU'])
  expect(find).toHaveBeenCalledTimes(1)
})

test('says once why it failed, and then tries again', async () => {
  let tries = 0
  const find = () => ((tries += 1) === 1 ? Promise.reject(new Error('no backend')) : Promise.resolve('CPU'))
  let told = Promise.withResolvers<null>()
  const device = knownDevice(find, () => told.resolve(null), 0)
  device.current()
  await told.promise
  expect(() => device.current()).toThrow('no backend')
  told = Promise.withResolvers<null>()
  expect(device.current()).toBeNull()
  await told.promise
  expect(device.current()).toBe('CPU')
})

test('is not looked for after it was closed', async () => {
  const find = vi.fn(() => Promise.resolve('CPU'))
  const device = knownDevice(find, () => undefined, 1)
  device.current()
  device.close()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(find).not.toHaveBeenCalled()
})
