import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { crash } from './crash/crash.ts'
import { SCENES, type SceneName } from './crash/protocol.ts'

const USAGE = `Kills (SIGKILL) the real engine at random moments while it stores verdicts, computes a run, migrates, backs up, exports and
imports, opens the workspace after each kill, and fails unless everything that was acknowledged is there, the file is whole and no map is half.

  npm run test:crash -- [--kills 200] [--seed 1] [--scene verdicts] [--json]

  --kills N      kills in all; most of them during verdicts
  --seed N       the same moments again, as far as the machine keeps time
  --scene NAME   only one of: ${SCENES.join(', ')}
  --json         print JSON`

/** Shares of the kills. */
const SHARES: Record<SceneName, number> = {
  verdicts: 0.4,
  run: 0.2,
  migration: 0.1,
  backup: 0.1,
  export: 0.1,
  import: 0.1,
}

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    scene: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const kills = Number(values.kills)
const seed = Number(values.seed)
const scenes = SCENES.filter((name) => values.scene === undefined || values.scene === name)

if (values.help) console.log(USAGE)
else if (scenes.length === 0 || !Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed)) {
  console.error(USAGE)
  process.exitCode = 2
} else await main()

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'heatproof-crash-'))
  const results = []
  try {
    for (const scene of scenes) {
      const share = values.scene === undefined ? SHARES[scene] : 1
      const result = await crash(scene, { folder, kills: Math.ceil(kills * share), seed })
      results.push(result)
      if (!values.json) {
        const { interrupted, acknowledged, faults } = result
        const outcome = faults.length === 0 ? 'all held' : `FAILED: ${faults.join('; ')}`
        console.log(
          `${scene}: ${result.kills} kills, ${interrupted} within a step, ${acknowledged} acknowledged: ${outcome}`,
        )
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const held = results.every(({ faults }) => faults.length === 0)
  if (values.json) console.log(JSON.stringify({ held, kills, seed, results }, null, 2))
  process.exitCode = held ? 0 : 1
}
