import { spawnSync } from 'node:child_process'
import { z } from 'zod'

// `npm run audit`: fails when a package that users get has a known weakness of high or critical severity. Where the registry
// cannot be asked it says so and why, and does not fail: a build without a network is no worse than it was.
const Report = z.object({
  metadata: z.object({ vulnerabilities: z.record(z.string(), z.int()) }),
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string(), range: z.string() })),
})

const Refusal = z.object({ statusCode: z.int().optional(), message: z.string().optional() })

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8', timeout: 120_000 })
const report = Report.safeParse(readJson(stdout))
if (report.success) {
  const { metadata, vulnerabilities } = report.data
  const grave = Object.entries(vulnerabilities).filter(([, { severity }]) =>
    ['high', 'critical'].includes(severity),
  )
  for (const [name, { severity, range }] of grave) console.error(`${name} ${range}: ${severity}`)
  console.log(`known weaknesses by severity: ${JSON.stringify(metadata.vulnerabilities)}`)
  process.exitCode = grave.length > 0 ? 1 : 0
} else {
  console.log(
    `Nothing was checked: the registry could not be asked for known weaknesses (${whyNot(stdout)}).`,
  )
}

function whyNot(answer: string): string {
  const { data } = Refusal.safeParse(readJson(answer))
  if (data?.statusCode !== undefined) return `it answered ${data.statusCode}`
  return data?.message?.split('\n')[0] ?? 'npm did not say why'
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
