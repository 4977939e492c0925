import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { launchEngine, type LaunchedEngine } from '../../../src/hosts/child/launch.ts'
import type { Problem } from '../../../src/main/problem-page.ts'
import { Supervisor } from '../../../src/main/supervisor.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const CHILD = fileURLToPath(new URL('../../../src/hosts/child/child.ts', import.meta.url))
const folder = temporaryFolder()

const running: { supervisor: Supervisor; engines: LaunchedEngine[] }[] = []

afterEach(async () => {
  for (const { supervisor, engines } of running.splice(0)) {
    const { pid } = engines.at(-1) ?? {}
    const stopped = supervisor.stop()
    if (pid !== undefined && alive(pid)) process.kill(pid, 'SIGKILL')
    await stopped
  }
})

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Why memory of another process cannot be limited here. */
const NO_LIMITS = process.platform !== 'linux' || spawnSync('prlimit', ['--version']).status !== 0

/** Sends large requests until the connection breaks. */
async function keepBusy(address: string): Promise<void> {
  const { origin, searchParams } = new URL(address)
  const headers = {
    authorization: `Bearer ${searchParams.get('token') ?? ''}`,
    'content-type': 'application/json',
  }
  const body = JSON.stringify(Array.from({ length: 400_000 }, () => 1))
  for (let turn = 0; turn < 1000; turn += 1) {
    try {
      await (await fetch(`${origin}/rpc/runs.list`, { method: 'POST', headers, body })).text()
    } catch {
      return
    }
  }
}

/** The window's supervisor on real engine processes. */
function supervise(name: string, node = process.execPath) {
  const engines: LaunchedEngine[] = []
  const places: string[] = []
  const restarts: Problem[] = []
  const problems: Problem[] = []
  const supervisor = new Supervisor(
    { workspace: join(folder, `${name}.heatproof`), whenMissing: 'empty' },
    {
      launch: (choice, listeners, at) => {
        const options = { node, script: CHILD, ...choice, at }
        const impatient = { silence: { running: 3000, opening: 60_000 }, stopWithin: 1000 }
        const engine = launchEngine({ ...options, ...impatient }, listeners)
        engines.push(engine)
        return engine
      },
      wait: (milliseconds, then) => {
        const timer = setTimeout(then, milliseconds / 10)
        return () => clearTimeout(timer)
      },
      now: () => performance.now(),
      onReady: ({ address }) => places.push(address),
      onEnd: () => undefined,
      onRestart: (problem) => restarts.push(problem),
      onProblem: (problem) => problems.push(problem),
    },
  )
  running.push({ supervisor, engines })
  supervisor.start()
  return {
    supervisor,
    places,
    restarts,
    problems,
    ready: (count: number) => expect.poll(() => places.length, { timeout: 30_000 }).toBe(count),
    signal: (signal: NodeJS.Signals) => process.kill(engines.at(-1)?.pid ?? 0, signal),
    pid: () => engines.at(-1)?.pid ?? 0,
  }
}

describe('the supervisor of a real engine', () => {
  test.each([
    ['SIGKILL', 'killed (SIGKILL)'],
    ['SIGSEGV', 'native code (SIGSEGV)'],
    ['SIGABRT', 'native code (SIGABRT)'],
    ['SIGSTOP', 'It hung'],
  ] as const)('names %s and starts it again at its address', async (signal, words) => {
    const engine = supervise(signal)
    await engine.ready(1)
    engine.signal(signal)
    await engine.ready(2)
    expect(engine.restarts.map(({ detail }) => detail)).toEqual([expect.stringContaining(words)])
    expect(engine.places[1]).toBe(engine.places[0])
    expect(engine.problems).toEqual([])
  })

  test('names a heap that overflows, and gives up after three', async () => {
    const before = process.env['NODE_OPTIONS']
    process.env['NODE_OPTIONS'] = '--max-old-space-size=12'
    try {
      const engine = supervise('memory')
      await expect.poll(() => engine.problems.length, { timeout: 50_000 }).toBe(1)
      expect(engine.restarts.map(({ detail }) => detail)).toEqual([
        expect.stringContaining('ran out of memory'),
        expect.stringContaining('ran out of memory'),
      ])
      expect(engine.problems[0]?.title).toContain('3 times')
      expect(engine.problems[0]?.detail).toContain('heap out of memory')
    } finally {
      if (before === undefined) delete process.env['NODE_OPTIONS']
      else process.env['NODE_OPTIONS'] = before
    }
  })

  test.skipIf(NO_LIMITS)('names memory that runs out while it works, and starts it again', async () => {
    const engine = supervise('exhausted')
    await engine.ready(1)
    const bytes = Number(readFileSync(`/proc/${engine.pid()}/statm`, 'utf8').split(' ')[0]) * 4096
    spawnSync('prlimit', ['--pid', String(engine.pid()), `--as=${bytes + 4e6}`])
    await keepBusy(engine.places[0] ?? '')
    await engine.ready(2)
    expect(engine.restarts.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('ran out of memory'),
    ])
    expect(engine.places[1]).toBe(engine.places[0])
  })

  test('says so where there is no Node to start it with', async () => {
    const engine = supervise('nothing', join(folder, 'no-node'))
    await expect.poll(() => engine.problems.length).toBe(1)
    expect(engine.problems[0]).toMatchObject({ actions: ['try-again', 'open-logs'] })
    expect(engine.problems[0]?.detail).toMatch(/could not be started.*\n.*no-node ENOENT/s)
  })

  test('goes to another port where its own was taken meanwhile', async () => {
    const engine = supervise('port')
    await engine.ready(1)
    const port = Number(new URL(engine.places[0] ?? '').port)
    engine.signal('SIGKILL')
    await expect.poll(() => alive(engine.pid())).toBe(false)
    const taker = createServer().listen(port, '127.0.0.1')
    try {
      await engine.ready(2)
      expect(Number(new URL(engine.places[1] ?? '').port)).not.toBe(port)
    } finally {
      taker.close()
    }
  })

  test('stops one that does not listen any more', async () => {
    const engine = supervise('deaf')
    await engine.ready(1)
    engine.signal('SIGSTOP')
    await engine.supervisor.stop()
    expect(alive(engine.pid())).toBe(false)
    expect(engine.restarts).toEqual([])
  })
})
