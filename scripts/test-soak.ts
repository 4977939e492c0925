import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { positive, run } from './load/options.ts'
import { soak } from './load/soak.ts'

const USAGE = `Lets a server live for an hour: runs, verdicts, filters, queues and exports, round after round. Fails unless nothing fails, and memory,
handles and the write-ahead log stay flat. Linux only.

  npm run test:soak -- [--minutes 60] [--growth 10] [--log 64] [--json]

  --growth N   percent that memory and handles may grow in the last four fifths of the time
  --log N      megabytes that the write-ahead log may have`

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    growth: { type: 'string', default: '10' },
    log: { type: 'string', default: '64' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) console.log(USAGE)
else await run(main, USAGE)

async function main(): Promise<boolean> {
  const seconds = 60 * positive('minutes', values.minutes)
  const bounds = { growth: positive('growth', values.growth) / 100, log: 1e6 * positive('log', values.log) }
  const folder = mkdtempSync(join(tmpdir(), 'heatproof-soak-'))
  try {
    const result = await soak({ workspace: join(folder, 'soak.heatproof'), seconds })
    const { rounds, errors, growth, largest } = result
    const flat = growth.memory <= bounds.growth && growth.handles <= bounds.growth
    const held = errors.length === 0 && flat && largest.log <= bounds.log
    if (values.json) console.log(JSON.stringify({ held, seconds, bounds, ...result }, null, 2))
    else {
      console.log(
        `${rounds} rounds, ${errors.length} errors${errors.length > 0 ? `, first: ${errors[0] ?? ''}` : ''}`,
      )
      const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
      console.log(`memory at most ${megabytes(largest.memory)}, ${percent(growth.memory)} more at the end`)
      console.log(`handles at most ${largest.handles}, ${percent(growth.handles)} more at the end`)
      console.log(`write-ahead log at most ${megabytes(largest.log)}, file ${megabytes(result.file)}`)
      console.log(held ? 'all held' : 'FAILED')
    }
    return held
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
