import { Command } from 'commander'
import {
  mkdtempSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isFresh } from '../../../scripts/start/build.ts'
import { windowObstacle } from '../../../scripts/start/open-window.ts'
import { browserProgram, openBrowser } from '../../../src/hosts/browser.ts'
import { defaultWorkspace } from '../../../src/hosts/child/default-workspace.ts'
import { printFindings } from '../../../src/hosts/commands/doctor.ts'
import { attempt } from '../../../src/hosts/doctor/examine.ts'
import { electronBinary } from '../../../src/hosts/electron-binary.ts'
import { exportFolders } from '../../../src/hosts/open-workspace.ts'
import { wholeNumber } from '../../../src/hosts/options.ts'
import { runProgram } from '../../../src/hosts/run-program.ts'
import { HeatproofError } from '../../../src/shared/errors.ts'

let folder: string
beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'heatproof-hosts-')))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a program with one command that throws, and tells what came out. */
async function runFailing(
  thrown: unknown,
  args: string[],
): Promise<{ code: number; out: string; error: string }> {
  const program = new Command('heatproof').version('1.2.3')
  const command = new Command('work')
    .option('--json')
    .option('--count <n>', 'count', wholeNumber('--count', 1, 9))
    .action(() => {
      if (thrown !== undefined) throw thrown as Error
    })
  program.addCommand(command)
  let [out, error] = ['', '']
  const code = await runProgram(program, args, {
    print: (text) => (out += text),
    printError: (text) => (error += text),
  })
  return { code, out, error }
}

const BAD_FILE = new HeatproofError('bad_file', { found: 'a', expected: 'b', advice: 'c.' })
const FAILURE = new HeatproofError('cannot_write', { found: 'a', expected: 'b', advice: 'c.' })

describe('exit codes', () => {
  test.each([
    ['nothing wrong', undefined, ['work'], 0],
    ['bad input', BAD_FILE, ['work'], 2],
    ['a failure', FAILURE, ['work'], 1],
    ['an unknown error', new TypeError('x'), ['work'], 1],
    ['an unknown command', undefined, ['wrok'], 2],
    ['an unknown option', undefined, ['work', '--cuont', '3'], 2],
    ['a wrong number', undefined, ['work', '--count', '1e1'], 2],
    ['help', undefined, ['--help'], 0],
    ['help of a command', undefined, ['work', '--help'], 0],
    ['the version', undefined, ['--version'], 0],
    ['no command', undefined, [], 2],
  ])('%s', async (_name, thrown, args, code) => {
    const result = await runFailing(thrown, args)
    expect(result.code).toBe(code)
    if (code !== 0) expect(result.error).not.toBe('')
  })

  test('errors are one line with what was found, expected and to do', async () => {
    const { error, out } = await runFailing(BAD_FILE, ['work'])
    expect(error).toBe('heatproof: Found a; expected b. c.\n')
    expect(out).toBe('')
  })

  test.each([
    [BAD_FILE, ['work', '--json'], 'bad_file'],
    [undefined, ['wrok', '--json'], 'bad_argument'],
    [new TypeError('x'), ['work', '--json'], 'internal'],
  ])('with --json they are one JSON object', async (thrown, args, code) => {
    const { error } = await runFailing(thrown, args)
    const parsed = JSON.parse(error) as { error: Record<string, string> }
    expect(parsed.error['code']).toBe(code)
    expect(Object.keys(parsed.error)).toEqual(['code', 'message', 'found', 'expected', 'advice'])
  })
})

test.each(['', '0', '10', '-1', '1.5', '0x2', ' 3', 'three', 'NaN'])(
  '%j is no whole number from 1 to 9',
  (text) => {
    expect(() => wholeNumber('--count', 1, 9)(text)).toThrow('a whole number from 1 to 9')
    expect(wholeNumber('--count', 1, 9)('9')).toBe(9)
  },
)

describe('folders for exports', () => {
  test('are that of the workspace, or those that were chosen, as real paths', () => {
    const workspace = join(folder, 'a.heatproof')
    expect(exportFolders([], workspace)).toEqual([folder])
    expect(exportFolders([join(folder, '..', folder.split('/').at(-1) ?? '')], workspace)).toEqual([folder])
  })

  test('that are missing or files are refused', () => {
    writeFileSync(join(folder, 'file'), '')
    for (const wrong of ['missing', 'file']) {
      expect(() => exportFolders([join(folder, wrong)], folder)).toThrow(HeatproofError)
    }
  })
})

describe('opening the browser', () => {
  test('needs a screen', () => {
    expect(browserProgram('linux', {})).toBeUndefined()
    expect(browserProgram('linux', { DISPLAY: ':0' })).toBe('xdg-open')
    expect(browserProgram('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe('xdg-open')
    expect(browserProgram('darwin', {})).toBe('open')
  })

  test('shows other users of the machine no token, and never fails', async () => {
    const program = join(folder, 'browser.sh')
    const seen = join(folder, 'seen')
    writeFileSync(program, `#!/bin/sh\nprintf '%s' "$*" > ${seen}.part && mv ${seen}.part ${seen}\n`, {
      mode: 0o755,
    })
    const tidy = openBrowser('http://127.0.0.1:1/open?token=secret', program)
    await expect.poll(() => readdirSync(folder)).toContain('seen')
    const page = readFileSync(seen, 'utf8')
    expect(page).not.toContain('secret')
    expect(readFileSync(page, 'utf8')).toContain('token=secret')
    expect(statSync(page).mode & 0o077).toBe(0)
    expect(statSync(dirname(page)).mode & 0o077).toBe(0)
    tidy()
    expect(() => statSync(page)).toThrow()
    expect(openBrowser('http://127.0.0.1:1/', join(folder, 'missing'))).not.toThrow()
    expect(openBrowser('http://127.0.0.1:1/', undefined)).not.toThrow()
  })
})

describe('the start command', () => {
  test.each([
    ['linux', {}, 1000, 'there is no display'],
    ['linux', { DISPLAY: ':0' }, 0, 'Electron does not run as root'],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 1000, undefined],
    ['darwin', {}, 501, undefined],
    ['win32', {}, undefined, undefined],
  ] as const)('on %s with %j as user %s: %s', (platform, environment, user, obstacle) => {
    expect(windowObstacle(platform, environment, user)).toBe(obstacle)
  })

  test('builds what is missing or older than its sources', () => {
    const write = (path: string, seconds: number): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), '')
      utimesSync(join(folder, path), seconds, seconds)
    }
    write('src/renderer/views/review/Review.svelte', 100)
    write('src/engine/engine.ts', 900)
    write('out/main/index.js', 200)
    write('out/preload/index.cjs', 200)
    expect(isFresh(folder)).toBe(false)
    write('out/renderer/index.html', 200)
    expect(isFresh(folder)).toBe(true)
    write('src/shared/names.ts', 201)
    expect(isFresh(folder)).toBe(false)
  })

  test('keeps the sample in the data folder of the user', () => {
    expect(defaultWorkspace({}, '/home/anna')).toBe('/home/anna/.local/share/heatproof/sample.heatproof')
    expect(defaultWorkspace({ XDG_DATA_HOME: '/data' }, '/home/anna')).toBe(
      '/data/heatproof/sample.heatproof',
    )
    expect(defaultWorkspace({ XDG_DATA_HOME: 'data' }, '/home/anna')).toContain('/home/anna/')
  })

  test('finds Electron where its package has the binary', () => {
    expect(electronBinary(folder)).toBeUndefined()
    writeFileSync(join(folder, 'path.txt'), 'electron')
    expect(electronBinary(folder)).toBeUndefined()
    mkdirSync(join(folder, 'dist'))
    writeFileSync(join(folder, 'dist', 'electron'), '')
    expect(electronBinary(folder)).toBe(join(folder, 'dist', 'electron'))
  })
})

describe('the doctor', () => {
  test('marks what is missing and says why', async () => {
    const there = await attempt('SQLite', () => '3.54')
    const missing = await attempt('MNIST', () => {
      throw new Error('no folder\nat line 3')
    })
    expect(printFindings([there, missing])).toBe('✓ SQLite  3.54\n– MNIST   no folder')
  })
})
