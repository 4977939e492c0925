import { mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readNpy } from '../../../src/engine/exchange/npy.ts'
import { readSafetensors } from '../../../src/engine/exchange/safetensors.ts'
import { formatPercent } from '../../../src/shared/units.ts'
import type { CallInput, Output, ProcedureName } from '../../../src/shared/contract/contract.ts'
import { readTable } from '../exports/read-table.ts'
import { heatproof as started } from '../server/running.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { heatproof } from './heatproof.ts'

const SHIPPED = fileURLToPath(
  new URL('../../../resources/models/deep-mnist-3-digits-maj-seq-12-fold-1.safetensors', import.meta.url),
)
const folder = realpathSync(mkdtempSync(join(temporaryFolder(), 'main-')))
const workspace = join(folder, 'digits.heatproof')
const audited = join(folder, 'audited')
const SAMPLES = 40
/** Maps that Ada fails and accepts, and is unsure about. */
const [FAILED, ACCEPTED, UNSURE] = [14, 15, 2]

/** Runs a command that must succeed; gives what it prints, as lines. */
function lines(...args: string[]): string[] {
  const { status, stdout, stderr } = heatproof(...args)
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('heatproof: ')])
  return stdout.trimEnd().split('\n')
}

const onWorkspace = (command: string, ...args: string[]) => lines(command, '--workspace', workspace, ...args)

/** The cells of a printed table, which two spaces or more part. */
const cells = (line: string | undefined) => (line ?? '').trim().split(/ {2,}/)

type Call = <Name extends ProcedureName>(name: Name, input: CallInput<Name>) => Promise<Output<Name>>

/** What a reviewer's browser does: it asks the server that `heatproof serve` has started. */
async function whileServed(work: (call: Call) => Promise<void>): Promise<void> {
  const server = started('serve', '--workspace', workspace)
  const address = new URL((await server.nextLine()) ?? '')
  await work(async (name, input) => {
    const response = await fetch(new URL(`/rpc/${name}`, address), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${address.searchParams.get('token') ?? ''}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(input),
    })
    expect([name, response.status]).toEqual([name, 200])
    return ((await response.json()) as { value: Output<typeof name> }).value
  })
  server.process.kill('SIGINT')
  expect(await server.ended()).toMatchObject({ code: 0 })
}

/** Fails the maps that lean most on one item, accepts those that lean least. Gives verdicts by map. */
async function review(call: Call): Promise<Map<string, string>> {
  const filter = { method: ['dtd'] }
  const queue = await call('review.createQueue', { filter, order: 'worst_first', size: 0 })
  expect(queue).toMatchObject({ length: SAMPLES, matching: SAMPLES })
  const items = await call('review.items', { queueId: queue.id, reviewer: 'Ada', offset: 0, limit: SAMPLES })
  const largest = await Promise.all(
    items.map(async ({ mapId }) => {
      const { shares } = await call('review.item', { mapId })
      return { mapId, share: Math.max(...shares) }
    }),
  )
  const ranked = largest.sort((a, b) => b.share - a.share).map(({ mapId }) => mapId)
  const [failed, unsure, accepted] = [
    ranked.slice(0, FAILED),
    ranked.slice(FAILED, FAILED + UNSURE),
    ranked.slice(-ACCEPTED),
  ]
  const verdicts = new Map<string, string>()
  const decide = async (verdict: 'accept' | 'fail' | 'unsure', mapIds: number[]) => {
    const modes = verdict === 'fail' ? (['single_item_dominance'] as const) : []
    const given = { reviewer: 'Ada', verdict, modes: [...modes], queueId: queue.id }
    for (const mapId of mapIds) {
      await call('review.decide', { ...given, mapIds: [mapId] })
      verdicts.set(String(mapId), verdict)
    }
  }
  await decide('fail', failed)
  await decide('accept', accepted)
  await decide('unsure', unsure)
  return verdicts
}

function float32(path: string): { shape: number[]; data: number[] } {
  const { shape, data } = readNpy(readFileSync(path), path)
  return { shape, data: Array.from(data, Number) }
}

describe('the main job on the command line', () => {
  test('from an empty workspace to an audited set that verifies, and no longer after one byte', async () => {
    expect(lines('init', workspace)).toEqual([`made ${workspace}`])
    const training = ['--count', '100', '--epochs', '1', '--seed', '3', '--backend', 'wasm']
    const [trained] = onWorkspace('train', ...training)
    const accuracy = /^trained deep-mnist-3-digits-maj-seq-12-fold-1: test accuracy (0\.\d+)$/.exec(
      trained ?? '',
    )
    const percent = `${(Number(accuracy?.[1]) * 100).toFixed(1)} %`
    const accuracyShipped = readSafetensors(readFileSync(SHIPPED), SHIPPED).metadata['accuracy']
    expect(onWorkspace('models', '--import', SHIPPED)).toEqual([
      'imported deep-mnist-3-digits-maj-seq-12-fold-1 as model 2',
    ])
    const [titles, ...models] = onWorkspace('models').map(cells)
    expect(titles).toEqual(['id', 'name', 'accuracy', 'origin', 'SHA-256'])
    expect(models.map(([id, , ...row]) => [id, ...row.slice(0, 2)])).toEqual([
      ['1', percent, 'trained'],
      ['2', formatPercent(Number(accuracyShipped)), 'imported'],
    ])

    const run = [
      '--models',
      '2',
      '--methods',
      'dtd,sa,random',
      '--count',
      String(SAMPLES),
      '--backend',
      'wasm',
    ]
    const maps = 3 * SAMPLES
    expect(onWorkspace('explain', ...run)).toEqual([
      `Deep × 3 methods on ${SAMPLES} sequences: ${maps} of ${maps} maps`,
    ])

    let verdicts = new Map<string, string>()
    await whileServed(async (call) => {
      verdicts = await review(call)
    })
    const calibration = onWorkspace('calibrate', '--activate', '--by', 'Ada', '--resamples', '200')
    expect(calibration.slice(0, 2)).toEqual([
      'capped_percentage against single_item_dominance, version 1',
      `${FAILED} failed, ${ACCEPTED} accepted`,
    ])
    expect(
      calibration
        .slice(2, 5)
        .map(
          (line) =>
            /^(tau|theta|AUC) +-?\d\.\d{3} \[-?\d\.\d{3}, -?\d\.\d{3}\](, by Youden's J)?$/.exec(line)?.[1],
        ),
    ).toEqual(['tau', 'theta', 'AUC'])
    const [, version] = onWorkspace('calibrate', '--list').map((line) => line.split(/ {2,}/))
    expect(version).toEqual(
      expect.arrayContaining(['* 1', 'capped_percentage', `${FAILED}/${ACCEPTED}`, 'Ada']),
    )
    expect(onWorkspace('calibrate', '--undo')).toEqual(['active: the default, tau 0.8 without a threshold'])
    expect(onWorkspace('calibrate', '--activate', '1').join()).toMatch(
      /^active: version 1 of capped_percentage/,
    )
    expect(onWorkspace('calibrate', '--reproduce', '1').join()).toMatch(
      /^version 1: identical, SHA-256 [0-9a-f]{64}$/,
    )
    onWorkspace('calibrate', '--save', '--cost-ratio', '20', '--resamples', '100')
    const compared = onWorkspace('calibrate', '--compare', '1', '2').map(cells)
    expect(compared).toContainEqual(['theta by', "Youden's J", 'cost ratio 20'])
    expect(onWorkspace('agreement').join(' ')).toContain('No map was decided by two reviewers')
    expect(onWorkspace('score')).toEqual([`scored ${maps} maps`])

    const [counts, hashLine, advice] = onWorkspace(
      'export',
      '--out',
      audited,
      '--include',
      'any',
      '--by',
      'Ada',
    )
    expect(counts).toMatch(
      new RegExp(`^${maps} maps with ${verdicts.size} verdicts, [\\d.]+ MB, written to ${audited}$`),
    )
    const hash = hashLine?.split(': ')[1] ?? ''
    expect(advice).toBe(`Check it with: heatproof verify --manifest-sha256 ${hash} '${audited}'`)

    const rows = readTable(join(audited, 'verdicts.csv'))
    expect(new Map(rows.map((row) => [row['map_id'], row['verdict']]))).toEqual(verdicts)
    expect(new Set(rows.map((row) => row['reviewer']))).toEqual(new Set(['Ada']))
    const file = expectMapsAgree()

    const whole = lines('verify', audited, '--manifest-sha256', hash)
    expect(whole.at(-1)).toBe(`${audited} is as it was written.`)
    const bytes = readFileSync(join(audited, file))
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    writeFileSync(join(audited, file), bytes)
    const changed = heatproof('verify', audited)
    expect(changed.status).toBe(1)
    expect(changed.stdout).toContain(`\nchanged  ${file}\n`)
    expect(changed.stderr).toContain('one difference')
  }, 600_000)
})

/** `heatproof maps` and `heatproof metrics` on what the set holds give what it says; gives the file of the maps. */
function expectMapsAgree(): string {
  const maps = readTable(join(audited, 'maps.csv')).filter((row) => row['method'] === 'dtd')
  const samples = readTable(join(audited, 'samples.csv'))
  const [{ file = '', model = '' } = {}] = maps
  const labels = join(folder, 'labels.txt')
  writeFileSync(labels, samples.map((row) => row['label']).join('\n'))
  const models = JSON.parse(readFileSync(join(audited, 'models.json'), 'utf8')) as {
    name: string
    file: string
  }[]
  const weights = models.find(({ name }) => name === model)?.file ?? ''
  const out = join(folder, 'maps')
  const again = ['--methods', 'dtd', '--target', labels, '--backend', 'wasm', '--out', out]
  const report = lines(
    'maps',
    '--model',
    join(audited, weights),
    '--input',
    join(audited, 'inputs.npy'),
    ...again,
  )
  expect(report[0]).toMatch(new RegExp(`^${SAMPLES} inputs explained by ${model} in `))
  expect(cells(report[3]).slice(0, 2)).toEqual(['dtd.npy', String(SAMPLES)])

  const [stored, computed] = [float32(join(audited, file)), float32(join(out, 'dtd.npy'))]
  expect(computed.shape).toEqual(stored.shape)
  const largest = Math.max(...stored.data.map(Math.abs))
  const errors = stored.data.map((value, index) => Math.abs(value - (computed.data[index] ?? Number.NaN)))
  expect(Math.max(...errors) / largest).toBeLessThan(1e-6)
  expect(maps.map((row) => [row['sample_id'], row['row']])).toEqual(
    samples.map((row, index) => [row['sample_id'], String(index)]),
  )
  return file
}
