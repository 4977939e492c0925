#!/usr/bin/env node
// The command `heatproof` under any Node: hands over to the Node 24 that npm installed, which runs TypeScript itself.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { shippedNode } from './shipped-node.mjs'

const ENOUGH = 24
const bundled = fileURLToPath(new URL(`../../node_modules/${shippedNode()}`, import.meta.url))

if (Number(process.versions.node.split('.')[0]) >= ENOUGH) {
  await import('./cli.ts')
} else if (existsSync(bundled)) {
  const cli = fileURLToPath(new URL('./cli.ts', import.meta.url))
  const child = spawn(bundled, [cli, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail(error.message))
  child.on('exit', (code, signal) => (process.exitCode = code ?? 128 + constants.signals[signal]))
} else {
  fail(`found Node ${process.versions.node}; expected Node ${ENOUGH} in node_modules.`)
}

function fail(reason) {
  console.error(`heatproof: ${reason} Run \`npm ci\` in Heatproof's folder, which installs it.`)
  process.exitCode = 1
}
