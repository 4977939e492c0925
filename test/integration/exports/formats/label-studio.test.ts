import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { formWorkspace } from './form-workspace.ts'
import { pictureSize, rowsOf, type Row } from './read-json.ts'

const root = temporaryFolder()
let audited: ReturnType<typeof formWorkspace>
let path = ''
let tasks: Row[] = []
beforeAll(async () => {
  audited = formWorkspace(root)
  path = (await audited.write('label-studio')).path
  tasks = rowsOf(JSON.parse(readFileSync(join(path, 'tasks.json'), 'utf8')))
})
afterAll(() => audited.close())

function taskOf(id: number): Row {
  return tasks.find((task) => task['id'] === id) ?? {}
}

test('Label Studio gets a task for each map, whose pictures are there', () => {
  expect(tasks).toHaveLength(12)
  for (const { data } of tasks) {
    const { image, input } = rowsOf([data])[0] ?? {}
    for (const url of [image, input]) {
      const [served, file] = String(url).split('?d=')
      expect(served).toBe('/data/local-files/')
      expect(pictureSize(path, file)).toEqual([252, 84])
    }
  }
})

test('verdicts that count are annotations with modes, box in percent, note and reviewer', () => {
  const [annotation] = rowsOf(taskOf(3)['annotations'])
  const meta = { text: ['Ada'] }
  const modes = ['odd_item_focus', 'diffuse']
  expect(annotation?.['result']).toMatchObject([
    { from_name: 'verdict', type: 'choices', value: { choices: ['fail'] }, meta },
    { from_name: 'modes', type: 'choices', value: { choices: modes }, meta },
    {
      ...{ from_name: 'box', type: 'rectanglelabels', original_width: 252, original_height: 84, meta },
      value: {
        x: 100 / 3,
        y: 100 / 7,
        width: (100 * 25) / 84,
        height: (100 * 20) / 28,
        rectanglelabels: modes,
      },
    },
    { from_name: 'note', type: 'textarea', value: { text: ['the “wrong” item, 100 %'] }, meta },
  ])
  expect(rowsOf(taskOf(2)['annotations'])).toHaveLength(2)
  expect(taskOf(4)['annotations']).toEqual([])
})

test('regions are predictions, and every answer has its place in the labelling interface', () => {
  const config = readFileSync(join(path, 'config.xml'), 'utf8')
  const [prediction] = rowsOf(taskOf(1)['predictions'])
  expect(prediction).toMatchObject({ model_version: 'no calibration' })
  expect(rowsOf(prediction?.['result'])).toHaveLength(3)
  const results = tasks
    .flatMap(({ annotations, predictions }) => rowsOf([...rowsOf(annotations), ...rowsOf(predictions)]))
    .flatMap(({ result }) => rowsOf(result))
  expect(new Set(results.map(({ from_name }) => from_name)).size).toBe(5)
  for (const { from_name, to_name } of results) {
    expect(config).toContain(`name="${String(from_name)}" toName="${String(to_name)}"`)
  }
})
