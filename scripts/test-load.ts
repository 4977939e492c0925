import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { load } from './load/load.ts'
import { positive, run } from './load/options.ts'

const USAGE = `Lets reviewers decide at a steady pace on a served workspace while a job computes maps, and fails unless 99 % of the answers come
in time, none is an error, and the server's memory stays flat. Linux only.

  npm run test:load -- [--minutes 10] [--reviewers 8] [--rate 50] [--samples 2000] [--p99 100] [--growth 10] [--no-job] [--json]

  --rate N      verdicts a second of each reviewer
  --samples N   sequences of the workspace, with eight maps each
  --p99 N       milliseconds, from the moment at which a verdict is due
  --growth N    percent that memory may grow in the last four fifths of the time
  --no-job      without computing maps meanwhile`

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    reviewers: { type: 'string', default: '8' },
    rate: { type: 'string', default: '50' },
    samples: { type: 'string', default: '2000' },
    p99: { type: 'string', default: '100' },
    growth: { type: 'string', default: '10' },
    'no-job': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) console.log(USAGE)
else await run(main, USAGE)

async function main(): Promise<boolean> {
  const seconds = 60 * positive('minutes', values.minutes)
  const bounds = { p99: positive('p99', values.p99), growth: positive('growth', values.growth) / 100 }
  const folder = mkdtempSync(join(tmpdir(), 'heatproof-load-'))
  try {
    const result = await load({
      workspace: join(folder, 'load.heatproof'),
      samples: positive('samples', values.samples),
      reviewers: positive('reviewers', values.reviewers),
      rate: positive('rate', values.rate),
      seconds,
      job: !values['no-job'],
    })
    const { sent, errors, p50, p99, longest, memory, computed } = result
    const held = p99 <= bounds.p99 && errors === 0 && memory.growth <= bounds.growth
    if (values.json) console.log(JSON.stringify({ held, seconds, bounds, ...result }, null, 2))
    else {
      console.log(`${sent} verdicts, ${errors} errors, ${computed} maps computed meanwhile`)
      console.log(`p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, longest ${longest.toFixed(0)} ms`)
      const grown = (100 * memory.growth).toFixed(1)
      console.log(`at most ${(memory.largest / 1e6).toFixed(0)} MB of memory, ${grown} % more at the end`)
      console.log(held ? 'all held' : 'FAILED')
    }
    return held
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
