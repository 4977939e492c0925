import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { launchEngine, type LaunchOptions } from '../../../src/hosts/child/launch.ts'
import { createCall } from '../../../src/renderer/lib/rpc.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const CHILD = fileURLToPath(new URL('../../../src/hosts/child/child.ts', import.meta.url))
const folder = temporaryFolder()

type Told =
  | { type: 'ready'; address: string; origin: string }
  | { type: 'failed'; code: string }
  | { type: 'exit'; code: number | null; signal: string | null; output: string }

/** Launches an engine process and keeps, in order, what it tells. */
function launch(options: Partial<LaunchOptions>) {
  const told: Told[] = []
  const engine = launchEngine(
    {
      node: process.execPath,
      script: CHILD,
      workspace: join(folder, 'a.heatproof'),
      whenMissing: 'empty',
      ...options,
    },
    {
      onReady: ({ address, origin }) => told.push({ type: 'ready', address, origin }),
      onFailed: ({ code }) => told.push({ type: 'failed', code }),
      onExit: (end) => told.push({ type: 'exit', ...end }),
    },
  )
  const until = async <Type extends Told['type']>(type: Type): Promise<Extract<Told, { type: Type }>> => {
    const find = () => told.find((one): one is Extract<Told, { type: Type }> => one.type === type)
    await expect.poll(find, { timeout: 30_000 }).toBeDefined()
    const found = find()
    if (found === undefined) throw new Error(`no ${type}`)
    return found
  }
  return { engine, told, until }
}

describe('the engine as a child process', () => {
  test('takes the place of one that was killed, at its address', async () => {
    const workspace = join(folder, 'again.heatproof')
    const first = launch({ workspace })
    const { address } = await first.until('ready')
    first.engine.close()
    await first.until('exit')
    const second = launch({ workspace, at: address })
    expect((await second.until('ready')).address).toBe(address)
    const third = launch({ workspace: join(folder, 'other.heatproof'), at: address })
    expect((await third.until('ready')).address).not.toBe(address)
    for (const { engine, until } of [second, third]) {
      engine.close()
      await until('exit')
    }
  })

  test('opens the workspace, takes folders, answers, and ends on request', async () => {
    const { engine, until, told } = launch({})
    const { address, origin } = await until('ready')
    const token = new URL(address).searchParams.get('token') ?? ''
    const call = createCall((path, init) => {
      const headers = new Headers(init.headers)
      headers.set('authorization', `Bearer ${token}`)
      return fetch(origin + path, { ...init, headers })
    })
    engine.allowFolder(join(folder, '..'))
    await expect.poll(async () => (await call('workspace.summary', {})).folders.length).toBe(2)
    engine.close()
    expect(await until('exit')).toMatchObject({ code: 0, signal: null })
    expect(told.map(({ type }) => type)).toEqual(['ready', 'exit'])
    await expect(fetch(origin)).rejects.toThrow()
  })

  test('survives a folder that is not there', async () => {
    const { engine, until } = launch({ workspace: join(folder, 'b.heatproof') })
    const { origin } = await until('ready')
    engine.allowFolder(join(folder, 'missing'))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect((await fetch(origin)).status).toBe(403)
    engine.close()
    expect(await until('exit')).toMatchObject({ code: 0 })
  })

  test('says why a workspace cannot be opened', async () => {
    const workspace = join(folder, 'text.heatproof')
    writeFileSync(workspace, 'no workspace\n'.repeat(100))
    const { until, engine } = launch({ workspace })
    expect(await until('failed')).toMatchObject({ code: 'not_a_workspace' })
    engine.close()
    await until('exit')
  })

  test('tells how it ended and what it printed last', async () => {
    const script = join(folder, 'crash.mjs')
    writeFileSync(script, "console.error('out of luck'); process.abort()")
    const { until } = launch({ script })
    const end = await until('exit')
    expect(end.signal).toBe('SIGABRT')
    expect(end.output).toContain('out of luck')
  })

  test('a Node that is not there is told like a crash', async () => {
    const { until } = launch({ node: join(folder, 'no-node') })
    expect(await until('exit')).toMatchObject({ code: null, signal: null })
  })

  test('ends with its parent, even when that is killed', async () => {
    const script = `
      import { launchEngine } from ${JSON.stringify(new URL('../../../src/hosts/child/launch.ts', import.meta.url))}
      const options = ${JSON.stringify({ script: CHILD, workspace: join(folder, 'c.heatproof'), whenMissing: 'empty' })}
      launchEngine({ node: process.execPath, ...options }, {
        onReady: ({ origin }) => console.log(origin), onFailed: () => {}, onExit: () => {},
      })`
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [origin] = (await once(parent.stdout, 'data')) as [Buffer]
    expect((await fetch(origin.toString().trim())).status).toBe(403)
    parent.kill('SIGKILL')
    const reachable = () =>
      fetch(origin.toString().trim()).then(
        () => true,
        () => false,
      )
    await expect.poll(reachable, { timeout: 15_000 }).toBe(false)
  })
})
