import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { afterAll } from 'vitest'
import { CLI } from '../heatproof.ts'
import type { Place } from './place.ts'
import type { BadInput } from './refusal.ts'
import { emptyWorkspace, onWorkspace, reviewedWorkspace } from './workspace-files.ts'

const endings: (() => void)[] = []

/** Ends the programs and servers that hold something; call it where the tests are declared. */
export function letGoAfterwards(): void {
  afterAll(() => {
    for (const end of endings) end()
  })
}

async function usedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  endings.push(() => server.close())
  await once(server, 'listening')
  const address = server.address()
  return String(typeof address === 'object' ? address?.port : address)
}

/** Serves a workspace until the tests are over. */
async function serve(place: Place, workspace: readonly string[]): Promise<void> {
  const child: ChildProcess = spawn(process.execPath, [CLI, 'serve', ...workspace, '--workers', '1'], {
    env: { ...process.env, ...place.environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  endings.push(() => child.kill('SIGKILL'))
  if (child.stdout === null) throw new Error('the server has no output')
  await once(createInterface({ input: child.stdout }), 'line')
}

const inUse = (
  name: string,
  command: (place: Place, workspace: readonly string[]) => string[],
): BadInput => ({
  name,
  args: async (place) => {
    const workspace = onWorkspace(place, reviewedWorkspace())
    await serve(place, workspace)
    return command(place, workspace)
  },
  exit: 1,
  found: /the workspace .*set\.heatproof open in another process or window/,
  expected: 'a workspace that nobody else has open',
  advice: 'Close it there',
})

export const IN_USE: readonly BadInput[] = [
  {
    name: 'a port',
    args: async (place) => ['serve', ...onWorkspace(place, emptyWorkspace()), '--port', await usedPort()],
    exit: 1,
    found: /port \d+ in use by another program/,
    expected: 'a free port',
    advice: 'Choose another with --port',
  },
  inUse('a workspace, by a command that writes', (_, workspace) => ['score', ...workspace]),
  inUse('a workspace, by a second server', (_, workspace) => ['serve', ...workspace]),
  inUse('a workspace, by an export', (place, workspace) => [
    'export',
    ...workspace,
    '--out',
    place.path('set'),
  ]),
]
