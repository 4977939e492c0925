import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadDataset } from '../../../src/engine/data/datasets.ts'
import { downloadIdxFiles, type DownloadProgress } from '../../../src/engine/data/download.ts'
import { BUNDLED_FOLDER, downloadFashionMnist } from '../../../src/engine/data/fashion-mnist.ts'
import { rejectionOf } from '../../support/errors.ts'
import { idxBytes } from '../../support/idx.ts'

let folder = ''
let server: Server | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heatproof-download-'))
})
afterEach(async () => {
  server?.closeAllConnections()
  server?.close()
  server = undefined
  await rm(folder, { recursive: true })
})

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener)
  server = started
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/data`
}

function idxFile(name: string, value: number) {
  const content = idxBytes(
    [1000],
    new Uint8Array(1000).map((_, index) => (index * value) % 251),
  )
  const contentSha256 = createHash('sha256').update(content).digest('hex')
  return { name, contentSha256, packed: gzipSync(content) }
}

const FILES = [idxFile('first', 3), idxFile('second', 5)]

const answerAll: RequestListener = (request, response) => {
  const file = FILES.find(({ name }) => request.url === `/data/${name}.gz`)
  response.writeHead(file ? 200 : 404, { 'content-length': file?.packed.length ?? 0 }).end(file?.packed)
}

describe('downloadIdxFiles', () => {
  it('downloads every file, reports progress and leaves nothing else', async () => {
    const baseUrl = await serve(answerAll)
    const progress: DownloadProgress[] = []
    await downloadIdxFiles({ baseUrl, folder, files: FILES, onProgress: (step) => progress.push(step) })
    expect(await readdir(folder)).toEqual(['first.gz', 'second.gz'])
    expect(await readFile(join(folder, 'second.gz'))).toEqual(FILES[1]?.packed)
    const size = FILES[1]?.packed.length
    expect(progress.at(-1)).toEqual({ file: 'second', receivedBytes: size, totalBytes: size })
  })

  it('keeps files that are whole and replaces those that are not', async () => {
    const asked: (string | undefined)[] = []
    const baseUrl = await serve((request, response) => {
      asked.push(request.url)
      answerAll(request, response)
    })
    await writeFile(join(folder, 'first.gz'), FILES[0]?.packed ?? '')
    await writeFile(join(folder, 'second.gz'), 'damaged')
    await downloadIdxFiles({ baseUrl: `${baseUrl}/`, folder, files: FILES })
    expect(asked).toEqual(['/data/second.gz'])
    expect(await readFile(join(folder, 'second.gz'))).toEqual(FILES[1]?.packed)
  })

  it.each<[string, RequestListener, string]>([
    ['status 404', (_, response) => response.writeHead(404).end(), 'HTTP status 404'],
    ['status 500', (_, response) => response.writeHead(500).end(), 'HTTP status 500'],
    ['another content', (_, response) => response.end(FILES[0]?.packed), 'content of SHA-256'],
    ['no gzip data', (_, response) => response.end('<html>'), 'no whole .gz file'],
    [
      'a shortened file',
      (_, response) => response.end(FILES[1]?.packed.subarray(0, 40)),
      'no whole .gz file',
    ],
    [
      'a connection that is cut with a length given',
      (_, response) => {
        response.writeHead(200, { 'content-length': 1000 }).write('part')
        setTimeout(() => response.destroy(), 20)
      },
      'no whole answer',
    ],
    [
      'a connection that is cut without one',
      (_, response) => {
        response.writeHead(200).write(FILES[1]?.packed.subarray(0, 50))
        setTimeout(() => response.destroy(), 20)
      },
      'no whole answer',
    ],
  ])('refuses the second file and keeps the first: %s', async (_, answer, found) => {
    const baseUrl = await serve((request, response) => {
      if (request.url === '/data/first.gz') answerAll(request, response)
      else answer(request, response)
    })
    const error = await rejectionOf(downloadIdxFiles({ baseUrl, folder, files: FILES }))
    expect(error.code).toBe('download_failed')
    expect(error.exitCode).toBe(1)
    expect(error.found).toContain(found)
    expect(error.found).toContain(`${baseUrl}/second.gz`)
    expect(await readdir(folder)).toEqual(['first.gz'])
  })

  it('says so where nobody answers', async () => {
    const baseUrl = await serve(answerAll)
    await new Promise((resolve) => server?.close(resolve))
    const error = await rejectionOf(downloadIdxFiles({ baseUrl, folder, files: FILES }))
    expect(error.code).toBe('download_failed')
    expect(error.found).toContain('ECONNREFUSED')
  })

  it('can be cancelled', async () => {
    const baseUrl = await serve((_, response) => response.writeHead(200).write('part'))
    const signal = AbortSignal.timeout(50)
    const error = await rejectionOf(downloadIdxFiles({ baseUrl, folder, files: FILES, signal }))
    expect(error.code).toBe('cancelled')
    expect(await readdir(folder)).toEqual([])
  })

  it.each(['file:///etc', 'ftp://example.org/', 'nowhere', ''])(
    "refuses the address '%s'",
    async (baseUrl) => {
      const error = await rejectionOf(downloadIdxFiles({ baseUrl, folder, files: FILES }))
      expect(error.code).toBe('bad_argument')
    },
  )

  it('says where it cannot write', async () => {
    const baseUrl = await serve(answerAll)
    await writeFile(join(folder, 'file'), '')
    const inFile = downloadIdxFiles({ baseUrl, folder: join(folder, 'file', 'data'), files: FILES })
    expect((await rejectionOf(inFile)).code).toBe('cannot_write')
  })
})

describe('downloadFashionMnist', () => {
  it('downloads the real test split, from where the data set is then read', async () => {
    const baseUrl = await serve((request, response) => {
      const name = request.url?.slice('/data/'.length) ?? ''
      readFile(join(BUNDLED_FOLDER, name)).then(
        (bytes) => response.end(bytes),
        () => response.writeHead(404).end(),
      )
    })
    const downloaded = await downloadFashionMnist({ baseUrl, dataHome: folder, splits: ['test'] })
    expect(downloaded).toBe(join(folder, 'fashion-mnist'))
    expect(await readdir(downloaded)).toEqual(['t10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz'])
    const { count } = await loadDataset('fashion-mnist-3-items-maj', { folder: downloaded }).test()
    expect(count).toBe(10_000)
    const error = await rejectionOf(downloadFashionMnist({ baseUrl, dataHome: folder }))
    expect(error.found).toContain('train-images-idx3-ubyte.gz')
  })
})
