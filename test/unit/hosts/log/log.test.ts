import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { factsOf, openLog, type LogOptions } from '../../../../src/hosts/log/log.ts'
import { thisPerson, withoutPrivate } from '../../../../src/hosts/log/private.ts'

const root = mkdtempSync(join(tmpdir(), 'heatproof-log-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const own = () => join(mkdtempSync(join(root, 'case-')), 'logs')
const open = (folder: string, options: Partial<LogOptions> = {}) =>
  openLog({ folder, level: 'info', name: 'engine', ...options })
const textOf = (folder: string) =>
  readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('')

const ANNA = { home: '/home/anna', user: 'anna' }

describe('a log', () => {
  test('holds each event of its level and above as a line of JSON', async () => {
    const folder = own()
    const log = await open(folder)
    log.debug({}, 'too fine')
    log.info({ port: 8000 }, 'listening')
    log.error(factsOf(new RangeError('no')), 'failed')
    await log.close()
    const events = textOf(folder)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(events).toMatchObject([
      { level: 'info', msg: 'listening', port: 8000 },
      { level: 'error', msg: 'failed', name: 'RangeError', message: 'no' },
    ])
  })

  test('has no token and no home in it, wherever they stand', async () => {
    const folder = own()
    const log = await open(folder)
    const { home } = thisPerson()
    log.error(
      factsOf(new Error(`cannot open ${home}/secret of /open?token=abc-123`)),
      'GET /open?token=abc-123',
    )
    await log.close()
    const text = textOf(folder)
    expect(text).not.toContain('abc-123')
    expect(text).toContain('cannot open ~/secret')
  })

  test('keeps five files of 5 MB at most', async () => {
    const folder = own()
    const log = await open(folder)
    for (let line = 0; line < 700; line += 1) {
      log.info({ filler: 'x'.repeat(50_000) }, 'full')
      if (line % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    }
    await log.close()
    const sizes = readdirSync(folder).map((file) => readFileSync(join(folder, file)).length)
    expect(sizes.length).toBeGreaterThan(1)
    expect(sizes.length).toBeLessThanOrEqual(5)
    expect(Math.max(...sizes)).toBeLessThan(6e6)
  })

  test('that cannot be written, or is silent, keeps nothing and hinders nobody', async () => {
    const file = join(own(), '..', 'file')
    writeFileSync(file, '')
    for (const log of [await open(join(file, 'logs')), await open(own(), { level: 'silent' })]) {
      log.info({}, 'nothing')
      await log.close()
    }
    expect(readFileSync(file, 'utf8')).toBe('')
  })
})

test.each([
  ['/home/anna/data/a.heatproof', '~/data/a.heatproof'],
  ['"C:\\\\Users\\\\bob\\\\a.heatproof"', '"C:\\\\Users\\\\<user>\\\\a.heatproof"'],
  ['/home/bob/x and /Users/eve/y', '/home/<user>/x and /Users/<user>/y'],
  ['by Anna, on annas.example', 'by <user>, on annas.example'],
  ['Authorization: Bearer aB-9_z', 'Authorization: Bearer …'],
  ['cookie: heatproof_8000=aB-9_z; other=1', 'cookie: heatproof_8000=…; other=1'],
])('%s is told as %s', (text, told) => {
  expect(withoutPrivate(text, ANNA)).toBe(told)
})
