import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toPytorch } from '../../src/engine/models/pytorch-weights.ts'
import { DAMAGED, damagedInstallation } from '../integration/support/damaged-installation.ts'
import { temporaryFolder } from '../integration/support/temporary-folder.ts'
import { accessibilityProblems, cutElements } from './support/accessibility.ts'
import { LAST_BYTES, seenNetwork } from '../integration/support/seen-network.ts'
import { screenshot } from './support/browser.ts'
import { screenSuite } from './support/screen-suite.ts'

const DEEP = 'deep-mnist-3-digits-maj-seq-12-fold-1'
const RLSTM = 'rlstm-mnist-3-digits-maj-seq-12-fold-1'
const WEIGHTS = join(import.meta.dirname, '../../resources/models')
const KERAS = join(import.meta.dirname, '../unit/exchange/networks/golden/sequential.keras')

describe('adding a model', () => {
  const suite = screenSuite({ sample: false })

  it('takes a shipped model in, by the keyboard alone, and shows it in the matrix', async () => {
    const page = await suite.open('/runs', { colourScheme: 'light' })
    await page.getByText('No models yet').waitFor()
    await page.getByRole('button', { name: 'Add a model' }).press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Add a model' })
    const list = dialog.getByRole('group', { name: 'Shipped models' })
    const { models: shipped } = await suite.app.call('models.shipped', {})
    await list.getByRole('checkbox').first().waitFor()
    expect(await list.getByRole('checkbox').count()).toBe(shipped.length)
    const line = list.getByTitle(RLSTM, { exact: true })
    expect(await line.innerText()).toMatch(/R-LSTM\s+MNIST, majority of 3 digits · T 12 · fold 1\s+98\.\d %/)
    expect(await dialog.getByRole('button', { name: 'Add', exact: true }).isDisabled()).toBe(true)
    await line.getByRole('checkbox').press('Space')
    await screenshot(page, 'add-model-light')
    await dialog.getByRole('button', { name: 'Add', exact: true }).press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await page.getByText(`${RLSTM} added`).waitFor()
    const models = await suite.app.call('models.list', {})
    expect(models.map(({ name, origin }) => [name, origin])).toEqual([[RLSTM, 'shipped']])
    const row = page.getByRole('region', { name: 'Models and methods' }).getByRole('row', { name: /R-LSTM/ })
    await row.waitFor()
  })

  it('marks what is in the workspace, and says why the list is missing', async () => {
    const page = await suite.open('/runs', { expected: /ERR_FAILED/ })
    await page.route('**/rpc/models.shipped', (route) => route.abort())
    await page.getByRole('button', { name: 'Add a model' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a model' })
    await dialog.getByText('The shipped models could not be read').waitFor()
    await page.unroute('**/rpc/models.shipped')
    await dialog.getByRole('button', { name: 'Try again' }).click()
    const line = dialog.getByTitle(RLSTM, { exact: true })
    await line.getByText('in the workspace').waitFor()
    expect(await line.getByRole('checkbox').isDisabled()).toBe(true)
    await dialog.getByRole('button', { name: 'All', exact: true }).click()
    expect(await dialog.getByTitle(DEEP, { exact: true }).getByRole('checkbox').isChecked()).toBe(true)
    await screenshot(page, 'add-model-dark')
    expect(await cutElements(page)).toEqual([])
    expect(await accessibilityProblems(page)).toEqual([])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await suite.app.call('models.list', {})).toHaveLength(1)
  })

  it("reads a file in PyTorch's layout when that is chosen, and refuses it otherwise", async () => {
    const page = await suite.open('/runs', { expected: /status of 400/ })
    await page.getByRole('button', { name: 'Add a model' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a model' })
    const file = {
      name: `${DEEP}.safetensors`,
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(toPytorch(readFileSync(join(WEIGHTS, `${DEEP}.safetensors`)), DEEP)),
    }
    const field = dialog.getByLabel('Model file (safetensors, ONNX, Keras)')
    await field.setInputFiles(file)
    await dialog.getByText(`${DEEP}.safetensors was not imported`).waitFor()
    await screenshot(page, 'add-model-refused-dark')
    await dialog.getByText('PyTorch', { exact: true }).click()
    await field.setInputFiles(file)
    await dialog.waitFor({ state: 'detached' })
    await page.getByText(`${DEEP} was imported`).waitFor()
    const models = await suite.app.call('models.list', {})
    expect(models.map(({ architecture, origin }) => [architecture, origin])).toEqual([
      ['rlstm', 'shipped'],
      ['deep', 'imported'],
    ])
    await page
      .getByRole('region', { name: 'Models and methods' })
      .getByRole('row', { name: /Deep/ })
      .waitFor()
  })
  it.each(['light', 'dark'] as const)(
    'shows what it would make of a network, and imports it (%s)',
    async (colourScheme) => {
      const page = await suite.open('/runs', { colourScheme, expected: /status of 400/ })
      await page.getByRole('button', { name: 'Add a model' }).click()
      const dialog = page.getByRole('dialog', { name: 'Add a model' })
      const field = dialog.getByLabel('Model file (safetensors, ONNX, Keras)')
      const file = (name: string, bytes: Uint8Array) => ({
        name,
        mimeType: 'application/octet-stream',
        buffer: Buffer.from(bytes),
      })
      const network = file(`${colourScheme}.onnx`, seenNetwork('beside'))
      await field.setInputFiles([network])
      await dialog.getByText(`${colourScheme}.onnx cannot be imported like this`).waitFor()
      await dialog.getByText(/'last\.bin', which is missing/).waitFor()
      await dialog.getByRole('button', { name: 'Another file' }).click()
      await dialog.getByRole('button', { name: 'Add', exact: true }).waitFor()
      await field.setInputFiles([network, file('last.bin', LAST_BYTES)])
      await dialog.getByText('28 × 84 pixels, 10 classes').waitFor()
      await dialog.getByText('Softmax at the end: the logits are explained').waitFor()
      await dialog.getByText('0 to 1', { exact: true }).click()
      await dialog.getByLabel('Data set whose classes it knows').selectOption('mnist-3-digits-maj')
      await dialog.getByText('28 × 84 pixels, 10 classes').waitFor()
      await screenshot(page, `import-network-${colourScheme}`)
      expect(await dialog.getByRole('button', { name: /^Add/ }).count()).toBe(0)
      expect(await cutElements(page)).toEqual([])
      expect(await accessibilityProblems(page)).toEqual([])
      await dialog.getByRole('button', { name: 'Import the network' }).click()
      await dialog.waitFor({ state: 'detached' })
      await page.getByText(`${colourScheme} was imported`).waitFor()
      const model = (await suite.app.call('models.list', {})).at(-1)
      expect(model).toMatchObject({ architecture: 'graph', dataset: 'mnist-3-digits-maj' })
    },
  )

  it('takes a file of Keras in, after a look at it', async () => {
    const page = await suite.open('/runs')
    await page.getByRole('button', { name: 'Add a model' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a model' })
    await dialog.getByLabel('Model file (safetensors, ONNX, Keras)').setInputFiles(KERAS)
    await dialog.getByText('Keras archive, written by keras 3.15.1').waitFor()
    await dialog.getByText('8 × 12 pixels, 3 classes').waitFor()
    await dialog.getByText('softmax at the end: the logits are explained').waitFor()
    await screenshot(page, 'import-keras-dark')
    expect(await cutElements(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Import the network' }).click()
    await page.getByText('sequential was imported').waitFor()
    const model = (await suite.app.call('models.list', {})).at(-1)
    expect(model).toMatchObject({ name: 'sequential', architecture: 'graph', origin: 'imported' })
  })
})

describe('adding a model where a shipped file is damaged', () => {
  const suite = screenSuite({ sample: false, installation: damagedInstallation(temporaryFolder()) })

  it.each(['dark', 'light'] as const)(
    'offers the others, and says what is wrong (%s)',
    async (colourScheme) => {
      const page = await suite.open('/runs', { colourScheme })
      await page.getByRole('button', { name: 'Add a model' }).click()
      const list = page.getByRole('dialog').getByRole('group', { name: 'Shipped models' })
      const damaged = list.getByRole('checkbox', { name: `${DAMAGED} damaged` })
      await damaged.waitFor()
      expect(await damaged.isDisabled()).toBe(true)
      await list.getByText(/Install Heatproof again/).waitFor()
      await list.getByRole('button', { name: 'All', exact: true }).click()
      expect(await list.getByTitle(RLSTM, { exact: true }).getByRole('checkbox').isChecked()).toBe(true)
      expect(await damaged.isChecked()).toBe(false)
      await screenshot(page, `add-model-damaged-${colourScheme}`)
      expect(await cutElements(page)).toEqual([])
      expect(await accessibilityProblems(page)).toEqual([])
    },
  )
})
