import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { seededGenerator } from '../../src/shared/seeds.ts'
import { Line, type SceneName, type Unanswered } from './protocol.ts'
import { SCENES_BY_NAME, workspaceOf } from './scenes.ts'

const WORKER = join(import.meta.dirname, 'worker.ts')

export interface CrashResult {
  scene: SceneName
  kills: number
  /** Kills that fell into the middle of a step. */
  interrupted: number
  /** What the workers acknowledged before they were killed. */
  acknowledged: number
  faults: string[]
}

/**
 * Kills (SIGKILL) a process that works on a workspace at seeded random moments, and opens the workspace after each.
 *
 * @param folder where the workspace is made
 * @param onKill told after each kill
 */
export async function crash(
  scene: SceneName,
  {
    folder,
    kills,
    seed,
    onKill,
  }: { folder: string; kills: number; seed: number; onKill?: (kill: number) => void },
): Promise<CrashResult> {
  const workspace = workspaceOf(folder, scene)
  mkdirSync(dirname(workspace), { recursive: true })
  const { span, prepare, check, interrupted } = SCENES_BY_NAME[scene]()
  const random = seededGenerator(seed, 'crash', scene)
  const result: CrashResult = { scene, kills, interrupted: 0, acknowledged: 0, faults: [] }
  for (let kill = 1; kill <= kills; kill += 1) {
    const unanswered = await prepare(workspace, seed + kill)
    const lines = await killAfter(random.float() * span, [scene, workspace, String(seed + kill)], unanswered)
    if (interrupted(lines)) result.interrupted += 1
    result.acknowledged += lines.filter(({ type }) => type !== 'ready' && type !== 'sending').length
    result.faults.push(...(await check(workspace, lines)).map((fault) => `kill ${kill}: ${fault}`))
    onKill?.(kill)
  }
  return result
}

/** Runs a worker until so long after its `ready`; gives what it printed. @throws Error when it ends by itself */
async function killAfter(
  milliseconds: number,
  args: readonly string[],
  unanswered: Unanswered | null,
): Promise<Line[]> {
  const child = spawn(process.execPath, [WORKER, ...args, JSON.stringify(unanswered)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  let isReady = (): void => undefined
  const ready = new Promise<void>((resolve) => (isReady = resolve))
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
    if (text.includes('\n')) isReady()
  })
  const closed = once(child, 'close') as Promise<[number | null, string | null]>
  await Promise.race([ready, closed])
  await Promise.race([sleep(milliseconds), closed])
  child.kill('SIGKILL')
  const [, signal] = await closed
  if (signal !== 'SIGKILL') throw new Error(`the worker of ${args.join(' ')} ended by itself`)
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Line.parse(JSON.parse(line)))
}
