import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { KEPT_OF_ENDED, removeEndedLogs } from '../../../../src/hosts/log/ended-logs.ts'
import { openLog } from '../../../../src/hosts/log/log.ts'
import { temporaryFolder } from '../../../integration/support/temporary-folder.ts'

const root = temporaryFolder()

/** A program that opens its log, and when it is told to, logs 12 MB, line after line, as fast as it can. */
const WRITER = `
  const { once } = await import('node:events')
  const { openLog } = await import('./src/hosts/log/log.ts')
  const log = await openLog({ folder: process.argv[1], level: 'info', name: 'engine' })
  process.send('open')
  await once(process, 'message')
  for (let line = 0; line < 240; line += 1) {
    log.info({ line, filler: 'x'.repeat(50_000) }, 'line')
    await new Promise(setImmediate)
  }
  await log.close()
  process.disconnect()
`

test('three programs at once: every line is there once, and no file grows beyond its size', async () => {
  const folder = join(root, 'together')
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', WRITER, folder]
  const cwd = join(import.meta.dirname, '../../../..')
  const writers = [1, 2, 3].map(() =>
    spawn(process.execPath, args, { cwd, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
  )
  // One that opened its log when others have ended would remove some of theirs.
  await Promise.all(writers.map((writer) => once(writer, 'message')))
  const ends = writers.map(async (writer) => (await once(writer, 'exit'))[0] as unknown)
  for (const writer of writers) writer.send('write')
  const codes = await Promise.all(ends)
  expect(codes).toEqual([0, 0, 0])
  const files = readdirSync(folder)
  for (const { pid } of writers) {
    const own = files.filter((file) => file.startsWith(`engine-${pid ?? 0}.`))
    const lines = own.flatMap((file) => readFileSync(join(folder, file), 'utf8').trim().split('\n'))
    const numbers = lines.map((line) => (JSON.parse(line) as { line: number }).line)
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 240 }, (_, line) => line))
    expect(own.length).toBeGreaterThan(1)
  }
  expect(Math.max(...files.map((file) => statSync(join(folder, file)).size))).toBeLessThan(5.5e6)
})

test('of programs that have ended the latest files stay, and all of what runs and of others', () => {
  const folder = join(root, 'ended')
  mkdirSync(folder)
  const ended = spawnSync(process.execPath, ['--version']).pid
  const put = (name: string, age: number): void => {
    writeFileSync(join(folder, name), '')
    utimesSync(join(folder, name), 2e9 - age, 2e9 - age)
  }
  for (let number = 1; number <= KEPT_OF_ENDED + 2; number += 1) put(`engine-${ended}.${number}.log`, -number)
  // Process 1 is somebody else's, which may not be signalled.
  const others = process.platform === 'win32' ? [] : ['engine-1.1.log']
  const stays = [
    ...others,
    `window-${process.pid}.1.log`,
    `engine-${process.pid}.7.log`,
    'notes.1.log',
    'engine.txt',
  ]
  for (const name of [...stays, 'engine.3.log']) put(name, 1000)
  removeEndedLogs(folder)
  const kept = Array.from({ length: KEPT_OF_ENDED }, (_, index) => `engine-${ended}.${index + 3}.log`)
  expect(readdirSync(folder).toSorted()).toEqual([...kept, ...stays].toSorted())
})

test('a log that is opened removes them', async () => {
  const folder = join(root, 'opened')
  mkdirSync(folder)
  const ended = spawnSync(process.execPath, ['--version']).pid
  for (let number = 0; number < KEPT_OF_ENDED + 3; number += 1)
    writeFileSync(join(folder, `window-${ended}.${number}.log`), '')
  const log = await openLog({ folder, level: 'info', name: 'engine' })
  await log.close()
  expect(readdirSync(folder).filter((file) => file.startsWith('window'))).toHaveLength(KEPT_OF_ENDED)
})
