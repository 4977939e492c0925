import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { errorLine, runProcess } from '../../../scripts/tensorflow/run-process.mjs'

const node = process.execPath

describe('runProcess', () => {
  test('returns what the program wrote to both outputs', async () => {
    const output = await runProcess(node, ['-e', 'console.log("out"); console.error("err")'])
    expect(output.split('\n').sort()).toEqual(['', 'err', 'out'])
  })

  test('passes the environment and the folder', async () => {
    const program = 'console.log(process.env.WORD, process.cwd())'
    expect(await runProcess(node, ['-e', program], { env: { WORD: 'relevance' }, cwd: '/' })).toBe(
      'relevance /\n',
    )
  })

  test('a program that is not there', async () => {
    await expect(runProcess('no-such-program', [])).rejects.toThrow('no-such-program not found')
  })

  test("the program's own error in one line", async () => {
    await expect(runProcess(node, ['-e', 'throw new TypeError("no maps")'])).rejects.toThrow(
      /^TypeError: no maps$/,
    )
  })

  test('a crash', async () => {
    const crash = 'process.kill(process.pid, "SIGSEGV")'
    await expect(runProcess(node, ['-e', crash])).rejects.toThrow('ended by SIGSEGV')
  })

  test('out of time: the program ends and so does what it started', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'heatproof-run-')), 'heartbeats')
    const grandchild = `setInterval(() => require('node:fs').appendFileSync(${JSON.stringify(file)}, '.'), 10)`
    const program = `
      const { spawn } = require('node:child_process')
      spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'ignore' })
      setInterval(() => {}, 1000)`
    await expect(runProcess(node, ['-e', program], { timeout: 4000 })).rejects.toThrow(
      'not finished after 4 s',
    )
    const { size } = statSync(file)
    expect(size).toBeGreaterThan(0)
    await wait(300)
    expect(statSync(file).size).toBe(size)
  })
})

describe('errorLine', () => {
  test.each([
    [
      'Collecting x\nERROR: No matching distribution found for x\nnotice',
      'No matching distribution found for x',
    ],
    [
      'a.cc:3:10: fatal error: c_api.h: No such file\ncompilation terminated.',
      'a.cc:3:10: fatal error: c_api.h: No such file',
    ],
    [
      '      throw er;\n\nError: getaddrinfo ENOTFOUND host\n    at onlookup (dns)',
      'getaddrinfo ENOTFOUND host',
    ],
    ['first\nlast\n\n', 'last'],
    ['', 'no output'],
  ])('of %j', (output, expected) => {
    expect(errorLine(output)).toBe(expected)
  })

  test('is cut to a readable length', () => {
    expect(errorLine(`error: ${'x'.repeat(5000)}`)).toHaveLength(201)
  })
})
