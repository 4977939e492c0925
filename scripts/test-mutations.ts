import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { MUTATIONS, type Mutation } from '../test/mutations/mutations.ts'

const USAGE = `Writes each mistake of test/mutations/mutations.ts into a copy of the source, runs the tests of the rules on it,
and fails unless they fail for each, and pass without any. Needs about ten seconds a mistake.

  npm run test:mutations -- [--only TEXT] [--table docs/exactness.md]

  --only TEXT    only mistakes whose name holds TEXT
  --table FILE   write the table into FILE, between its two markers`

/** What must catch them, the fastest first: the vectors, then loops and invariants. */
const STAGES = [
  ['test/oracle/explainers.test.ts'],
  ['test/oracle', 'test/unit/models', 'test/unit/explainers'],
]
const BEGIN = '<!-- mutations: begin -->'
const END = '<!-- mutations: end -->'

const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
})

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    table: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(USAGE)
  process.exit(0)
}

const copy = mkdtempSync(join(tmpdir(), 'heatproof-mutations-'))
const rows: { mutation: Mutation; caught: string | null }[] = []
try {
  for (const part of [
    'src',
    'test',
    'scripts',
    'resources',
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
  ]) {
    cpSync(part, join(copy, part), { recursive: true })
  }
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'))
  const broken = firstFailure(STAGES.flat(), 'no mistake')
  if (broken !== null) throw new Error(`fails without any mistake: ${broken}`)
  for (const mutation of MUTATIONS.filter(({ name }) => name.includes(values.only))) {
    const caught = catchMutation(mutation)
    rows.push({ mutation, caught })
    console.log(
      `${caught === null ? 'MISSED' : 'caught'}  ${mutation.name}${caught === null ? '' : `: ${caught}`}`,
    )
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
if (values.table !== undefined) writeTable(values.table)
const missed = rows.filter(({ caught }) => caught === null).length
console.log(`${rows.length - missed} of ${rows.length} mistakes caught`)
process.exitCode = missed === 0 && rows.length > 0 ? 0 : 1

/** The first test that fails with the mistake in the copy; null when none does. */
function catchMutation({ file, find, replace, name }: Mutation): string | null {
  const path = join(copy, 'src/engine', file)
  const original = readFileSync(path, 'utf8')
  if (original.split(find).length !== 2) throw new Error(`'${name}': its line is not once in ${file}`)
  writeFileSync(
    path,
    original.replace(find, () => replace),
  )
  try {
    for (const tests of STAGES) {
      const failed = firstFailure(tests, name)
      if (failed !== null) return failed
    }
    return null
  } finally {
    writeFileSync(path, original)
  }
}

function firstFailure(tests: readonly string[], name: string): string | null {
  const report = join(copy, 'report.json')
  rmSync(report, { force: true })
  const vitest = join(copy, 'node_modules/vitest/vitest.mjs')
  const options = ['--project', 'unit', '--bail', '1', '--reporter', 'json', '--outputFile', report]
  spawnSync(process.execPath, [vitest, 'run', ...options, ...tests], { cwd: copy, stdio: 'ignore' })
  const { testResults } = Report.parse(JSON.parse(readFileSync(report, 'utf8')))
  const results = testResults.flatMap(({ name: file, assertionResults }) =>
    assertionResults.map((assertion) => ({ ...assertion, file: file.slice(copy.length + 1) })),
  )
  if (results.length === 0) throw new Error(`'${name}': no test ran`)
  const failed = results.find(({ status }) => status === 'failed')
  return failed === undefined ? null : `${failed.file}: ${failed.fullName}`
}

function writeTable(file: string): void {
  const text = readFileSync(file, 'utf8')
  const [before, , after] = [text.split(BEGIN)[0], BEGIN, text.split(END)[1]]
  if (before === undefined || after === undefined) throw new Error(`${file} lacks ${BEGIN} and ${END}`)
  const lines = rows.map(({ mutation, caught }) => {
    const cell = (value: string) => value.replaceAll('|', '\\|')
    return `| ${cell(mutation.name)} | \`${mutation.file}\` | ${caught === null ? '**none**' : cell(caught)} |`
  })
  const table = ['| mistake | in src/engine | a test that fails |', '|---|---|---|', ...lines].join('\n')
  writeFileSync(file, `${before}${BEGIN}\n\n${table}\n\n${END}${after}`)
}
