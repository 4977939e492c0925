import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { z } from 'zod'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const Packages = z.record(z.string(), z.string())
const Manifest = z.object({
  dependencies: Packages,
  optionalDependencies: Packages,
  devDependencies: Packages,
})
/** Some that nothing else needs: others, such as @types/node, come with packages that run. */
const TOOLS = ['eslint', 'typescript', 'vitest', 'electron']
const Bill = z.object({
  bomFormat: z.literal('CycloneDX'),
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      properties: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
    }),
  ),
})

test('npm run sbom lists every package with its version, and tells those that run from the tools', () => {
  const manifest = Manifest.parse(JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')))
  const written = execFileSync('npm', ['run', '--silent', 'sbom'], { cwd: ROOT, encoding: 'utf8' })
  const { components } = Bill.parse(JSON.parse(written))
  const isTool = ({ properties }: (typeof components)[number]) =>
    properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true')
  const versionsOf = (names: string[], tools: boolean) =>
    Object.fromEntries(
      components
        .filter((component) => names.includes(component.name) && isTool(component) === tools)
        .map(({ name, version }) => [name, version]),
    )
  const running = { ...manifest.dependencies, ...manifest.optionalDependencies }
  expect(versionsOf(Object.keys(running), false)).toEqual(running)
  expect(versionsOf(TOOLS, true)).toEqual(
    Object.fromEntries(TOOLS.map((name) => [name, manifest.devDependencies[name]])),
  )
})
