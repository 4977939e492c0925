import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bindingFile } from '../../../scripts/tensorflow/context.mjs'
import { installTensorflow } from '../../../scripts/tensorflow/install.mjs'
import { firstServer, requireConnection } from '../../../scripts/tensorflow/official.mjs'
import { fakeMachine, installBinding, node } from './fake-context.ts'

async function listening<T>(use: (port: number) => Promise<T>): Promise<T> {
  const server = createServer((socket) => socket.end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  try {
    return await use(address.port)
  } finally {
    server.close()
  }
}

test.each([
  [{}, 'storage.googleapis.com', 443],
  [{ TFJS_NODE_CDN_STORAGE: 'https://mirror.example/files/' }, 'mirror.example', 443],
  [{ TFJS_NODE_BASE_URI: 'http://mirror.example:8080/lib-' }, 'mirror.example', 8080],
  [
    { https_proxy: 'http://proxy.example:3128', CDN_STORAGE: 'https://mirror.example/' },
    'proxy.example',
    3128,
  ],
  [{ HTTP_PROXY: 'http://proxy.example' }, 'proxy.example', 80],
])('the server that is talked to first with %j', (env, host, port) => {
  expect(firstServer(env)).toEqual({ host, port })
})

describe('requireConnection', () => {
  test('passes when the server answers', () =>
    listening(async (port) => {
      await expect(requireConnection({ host: '127.0.0.1', port })).resolves.toBeUndefined()
    }))

  test('says why not', async () => {
    await expect(requireConnection({ host: '127.0.0.1', port: 1 })).rejects.toThrow(
      'no connection to 127.0.0.1 (ECONNREFUSED)',
    )
    await expect(requireConnection({ host: 'no-such-host.invalid', port: 1 })).rejects.toThrow(
      /^no connection to no-such-host\.invalid \(/,
    )
  })
})

describe('the official download', () => {
  test("runs the package's script in its folder, with the project's programs on the path", () =>
    listening(async (port) => {
      const { context } = fakeMachine({ node: node('official') })
      const calls: unknown[] = []
      const result = await installTensorflow({
        ...context,
        env: { PATH: '/usr/bin', TFJS_NODE_CDN_STORAGE: `http://127.0.0.1:${port}/` },
        run: (command, parameters, options) => {
          if (parameters[0]?.endsWith('install.js') !== true) return context.run(command, parameters, options)
          calls.push([command, options?.cwd, options?.env?.PATH])
          installBinding(context, 'official')
          return Promise.resolve('')
        },
      })
      expect(result).toEqual({ outcome: 'ready', route: 'official', reason: 'TensorFlow 2.15.1 downloaded' })
      const path = [join(context.projectFolder, 'node_modules', '.bin'), '/usr/bin'].join(delimiter)
      expect(calls).toEqual([['node', context.packageFolder, path]])
    }))

  test("gives the script's reason and leaves no binding when it fails", () =>
    listening(async (port) => {
      const { context } = fakeMachine({ node: node() }, { env: { CDN_STORAGE: `http://127.0.0.1:${port}/` } })
      const { outcome, reason } = await installTensorflow(context)
      expect(outcome).toBe('unavailable')
      expect(reason).toMatch(/^official download: the official script found no file; /)
      expect(existsSync(bindingFile(context))).toBe(false)
    }))
})
