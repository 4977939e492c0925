import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'

const MODULE = new URL('../../../src/hosts/command-support/interrupt.ts', import.meta.url).href

/** Work that says when it begins and is asked to stop, and takes ten seconds more to do so. */
const SLOW = `
  import { interruptible } from ${JSON.stringify(MODULE)}
  await interruptible(async (signal) => {
    signal.addEventListener('abort', () => console.log('stopping'))
    setTimeout(() => console.log('working'))
    await new Promise((resolve) => setTimeout(resolve, 10_000))
  })`

async function slowWork() {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', SLOW], { stdio: 'pipe' })
  const said = async () => String((await once(child.stdout, 'data'))[0])
  expect(await said()).toBe('working\n')
  return { child, said, ended: once(child, 'exit') }
}

describe('Ctrl+C', () => {
  test('that comes twice at once, as npm hands it on, stops in order', async () => {
    const { child, said } = await slowWork()
    child.kill('SIGINT')
    child.kill('SIGINT')
    expect(await said()).toBe('stopping\n')
    await setTimeout(200)
    expect([child.exitCode, child.signalCode]).toEqual([null, null])
    child.kill('SIGKILL')
  })

  test('a second time ends the process at once', async () => {
    const { child, said, ended } = await slowWork()
    child.kill('SIGINT')
    expect(await said()).toBe('stopping\n')
    await setTimeout(700)
    child.kill('SIGINT')
    expect(await ended).toEqual([null, 'SIGINT'])
  })
})
