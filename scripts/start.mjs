// `npm start [-- FILE.heatproof] [--browser]`: under any Node, hands over to the Node 24 that npm installed.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { shippedNode } from '../src/hosts/shipped-node.mjs'

const bundled = fileURLToPath(new URL(`../node_modules/${shippedNode()}`, import.meta.url))
const node = Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : bundled

if (existsSync(node)) {
  const start = fileURLToPath(new URL('./start/start.ts', import.meta.url))
  const child = spawn(node, [start, ...process.argv.slice(2)], { stdio: 'inherit' })
  // Ctrl+C reaches the child by itself; this process only waits for its end.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code) => (process.exitCode = code ?? 1))
} else {
  console.error(
    `Found Node ${process.versions.node} alone; expected Node 24 in node_modules. Run \`npm ci\` first.`,
  )
  process.exitCode = 1
}
