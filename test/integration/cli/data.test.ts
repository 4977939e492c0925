import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { BUNDLED_FOLDER } from '../../../src/engine/data/fashion-mnist.ts'
import { mnistFolder } from '../../../src/engine/data/mnist.ts'
import { heatproof as started } from '../server/running.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { heatproof } from './heatproof.ts'

const root = temporaryFolder()
const own = () => mkdtempSync(join(root, 'case-'))
const MNIST = mnistFolder()

describe('a folder of IDX files', () => {
  test('is checked, with what its files are', () => {
    const { status, stdout } = heatproof('data', '--check', MNIST)
    expect(status).toBe(0)
    expect(stdout).toMatch(/^✓ train: 60000 images$/m)
    expect(stdout).toMatch(/^✓ test: 10000 images$/m)
    expect(stdout.match(/ubyte, as in MNIST$/gm)).toHaveLength(4)
    const bundled = heatproof('data', '--check', BUNDLED_FOLDER, '--json')
    expect(JSON.parse(bundled.stdout)).toMatchObject([
      { split: 'train', state: 'absent' },
      {
        split: 'test',
        state: 'whole',
        files: [{ official: 'Fashion-MNIST' }, { official: 'Fashion-MNIST' }],
      },
    ])
  })

  test('is refused with each of its faults, and not changed', () => {
    const folder = own()
    const copy = (name: string, change: (bytes: Buffer) => Buffer) => {
      writeFileSync(join(folder, name), change(readFileSync(join(MNIST, name))))
    }
    copy('t10k-images-idx3-ubyte', (bytes) => bytes)
    copy('t10k-labels-idx1-ubyte', (bytes) => bytes.subarray(0, 900))
    copy('train-labels-idx1-ubyte', (bytes) => bytes)
    const before = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))])
    const { status, stdout, stderr } = heatproof('data', '--check', folder)
    expect(status).toBe(2)
    expect(stdout).toMatch(/^✗ train: Found no readable file .*train-images/m)
    expect(stdout).toMatch(/^✗ test: Found 892 bytes of data in .*t10k-labels.*; expected 10000/m)
    expect(stderr).toContain('a train and a test split')
    expect(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))])).toEqual(before)
  })

  test('without any is refused', () => {
    const { status, stderr } = heatproof('data', '--check', own())
    expect(status).toBe(2)
    expect(stderr).toContain('t10k-labels-idx1-ubyte')
  })
})

describe('a download', () => {
  let server: Server | undefined
  afterEach(() => {
    server?.closeAllConnections()
    server?.close()
  })
  const serve = async (listener: RequestListener): Promise<string> => {
    server = createServer(listener)
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }

  test('shows how far it is, and leaves nothing half-written after Ctrl+C', async () => {
    const home = own()
    mkdirSync(join(home, 'fashion-mnist'))
    const asked: string[] = []
    const from = await serve((request, response) => {
      asked.push(request.url ?? '')
      response.writeHead(200, { 'content-length': '5000000' }).write(Buffer.alloc(1_000_000))
    })
    const download = started('data', '--download', 'fashion-mnist', '--from', from, '--to', home)
    const shown = await new Promise<string>((resolve) => {
      download.process.stderr?.once('data', (text) => resolve(String(text)))
    })
    expect(shown).toMatch(/^[\d,]+ of 5,000 kB \(\d+ %\), train-images-idx3-ubyte\n$/)
    download.process.kill('SIGINT')
    const { code, error } = await download.ended()
    expect(error).toMatch(/was cancelled; .*Start it again; files that were complete are kept\.\n$/)
    expect(code).toBe(130)
    expect(asked).toEqual(['/train-images-idx3-ubyte.gz'])
    expect(readdirSync(join(home, 'fashion-mnist'))).toEqual([])
  })

  test('of something else fails, and leaves nothing', async () => {
    const home = own()
    const from = await serve((_, response) => response.end('not found, but with status 200'))
    const download = started('data', '--download', 'fashion-mnist', '--from', from, '--to', home)
    expect(await download.ended()).toMatchObject({
      code: 1,
      error: expect.stringContaining('no whole .gz file') as unknown,
    })
    expect(readdirSync(join(home, 'fashion-mnist'))).toEqual([])
  })
})
