import { describe, expect, test } from 'vitest'
import type { EngineListeners } from '../../../src/hosts/child/launch.ts'
import type { WorkspaceChoice } from '../../../src/main/arguments.ts'
import type { Problem } from '../../../src/main/problem-page.ts'
import { MOST_CRASHES, STEADY_MS, Supervisor, waitAfterCrash } from '../../../src/main/supervisor.ts'

const PLACE = { origin: 'http://127.0.0.1:1', address: 'http://127.0.0.1:1/open?token=t' }
const CRASH = { code: 134, signal: null, output: 'double free', endedFor: null }
const CHOICE: WorkspaceChoice = { workspace: '/a.heatproof', whenMissing: 'fail' }

/** A supervisor on engines that do what the test tells them. */
function supervise() {
  const launches: {
    choice: WorkspaceChoice
    listeners: EngineListeners
    at: string | undefined
    folders: string[]
    closed: boolean
  }[] = []
  const problems: Problem[] = []
  const restarts: Problem[] = []
  const ends: string[] = []
  const ready: string[] = []
  const waits: { milliseconds: number; then: () => void; cancelled: boolean }[] = []
  let time = 0
  const supervisor = new Supervisor(CHOICE, {
    launch: (choice, listeners, at) => {
      const launch = { choice, listeners, at, folders: [] as string[], closed: false }
      launches.push(launch)
      return {
        pid: undefined,
        allowFolder: (folder) => launch.folders.push(folder),
        close: () => {
          launch.closed = true
        },
      }
    },
    wait: (milliseconds, then) => {
      const wait = { milliseconds, then, cancelled: false }
      waits.push(wait)
      return () => {
        wait.cancelled = true
      }
    },
    now: () => time,
    onReady: ({ origin }) => ready.push(origin),
    onEnd: (cause, output) => ends.push(`${cause} ${output}`),
    onRestart: (problem) => restarts.push(problem),
    onProblem: (problem) => problems.push(problem),
  })
  const last = () => {
    const launch = launches.at(-1)
    if (launch === undefined) throw new Error('nothing was launched')
    return launch
  }
  const crash = (after = 0): void => {
    time += after
    last().listeners.onExit(CRASH)
  }
  return { supervisor, launches, problems, restarts, ends, ready, waits, last, crash }
}

describe('the supervisor', () => {
  test('shows a ready engine', () => {
    const { supervisor, last, ready } = supervise()
    supervisor.start()
    last().listeners.onReady(PLACE)
    expect(ready).toEqual([PLACE.origin])
  })

  test('starts a crashed engine again, waits longer each time and tells the reason', () => {
    const { supervisor, crash, waits, problems, restarts, ends, launches } = supervise()
    supervisor.start()
    for (let crashes = 1; crashes < MOST_CRASHES; crashes += 1) {
      crash()
      waits.at(-1)?.then()
    }
    expect(problems).toEqual([])
    expect(ends[0]).toMatch(/code 134.*double free/)
    expect(waits.map(({ milliseconds }) => milliseconds)).toEqual([500, 1000])
    expect(launches).toHaveLength(MOST_CRASHES)
    expect(restarts.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('code 134'),
      expect.stringContaining('code 134'),
    ])
  })

  test('starts it where it was, so that a page with an unsaved verdict reaches it; another workspace goes elsewhere', () => {
    const { supervisor, crash, waits, launches, last } = supervise()
    supervisor.start()
    last().listeners.onReady(PLACE)
    crash()
    waits.at(-1)?.then()
    supervisor.open()
    last().listeners.onExit(CRASH)
    supervisor.open({ workspace: '/b.heatproof', whenMissing: 'fail' })
    last().listeners.onExit(CRASH)
    expect(launches.map(({ at }) => at)).toEqual([undefined, PLACE.address, PLACE.address, undefined])
  })

  test('gives up after three crashes within a minute, until somebody asks', () => {
    const { supervisor, crash, waits, problems, launches } = supervise()
    supervisor.start()
    for (let crashes = 1; crashes <= MOST_CRASHES; crashes += 1) {
      crash()
      if (crashes < MOST_CRASHES) waits.at(-1)?.then()
    }
    expect(waits).toHaveLength(MOST_CRASHES - 1)
    expect(problems.at(-1)).toMatchObject({ actions: ['try-again', 'open-logs'] })
    expect(problems.at(-1)?.title).toContain('3 times within a minute')
    expect(problems.at(-1)?.detail).toContain('double free')
    supervisor.open()
    expect(launches).toHaveLength(MOST_CRASHES + 1)
    crash()
    expect(waits.at(-1)?.milliseconds).toBe(waitAfterCrash(1))
  })

  test('gives up on an engine that runs for a while each time, too', () => {
    const { supervisor, crash, waits } = supervise()
    supervisor.start()
    for (let crashes = 1; crashes < MOST_CRASHES; crashes += 1) {
      crash(STEADY_MS / MOST_CRASHES)
      waits.at(-1)?.then()
    }
    crash(STEADY_MS / MOST_CRASHES)
    expect(waits).toHaveLength(MOST_CRASHES - 1)
  })

  test('counts no crash that lies a minute back', () => {
    const { supervisor, crash, waits } = supervise()
    supervisor.start()
    for (let crashes = 0; crashes < 3 * MOST_CRASHES; crashes += 1) {
      crash(STEADY_MS)
      waits.at(-1)?.then()
    }
    expect(waits.every(({ milliseconds }) => milliseconds === waitAfterCrash(1))).toBe(true)
  })

  test('does not try again what cannot be opened', () => {
    const { supervisor, last, problems, waits } = supervise()
    supervisor.start()
    const error = {
      code: 'workspace_in_use',
      message: 'In use.',
      found: '',
      expected: '',
      advice: '',
    } as const
    last().listeners.onFailed(error)
    last().listeners.onExit({ code: 0, signal: null, output: '', endedFor: null })
    expect(problems).toMatchObject([{ title: 'This workspace cannot be opened', detail: 'In use.' }])
    expect(last().closed).toBe(true)
    expect(waits).toEqual([])
  })

  test('allows chosen folders again after a restart', () => {
    const { supervisor, last, crash, waits } = supervise()
    supervisor.start()
    last().listeners.onReady(PLACE)
    supervisor.allowFolder('/exports')
    expect(last().folders).toEqual(['/exports'])
    crash()
    waits.at(-1)?.then()
    last().listeners.onReady(PLACE)
    expect(last().folders).toEqual(['/exports'])
  })

  test('opens another workspace only when the engine of the first has ended', () => {
    const { supervisor, launches, last, waits } = supervise()
    supervisor.start()
    const other: WorkspaceChoice = { workspace: '/b.heatproof', whenMissing: 'empty' }
    supervisor.open(other)
    expect(launches).toHaveLength(1)
    expect(last().closed).toBe(true)
    last().listeners.onExit({ code: 0, signal: null, output: '', endedFor: null })
    expect(last().choice).toEqual(other)
    expect(waits).toEqual([])
  })

  test('stops in order, also while it waits to start again', async () => {
    const { supervisor, last, crash, waits, launches } = supervise()
    supervisor.start()
    const stopped = supervisor.stop()
    last().listeners.onExit({ code: 0, signal: null, output: '', endedFor: null })
    await stopped
    supervisor.start()
    crash()
    await supervisor.stop()
    expect(waits.at(-1)?.cancelled).toBe(true)
    expect(launches).toHaveLength(2)
  })
})
