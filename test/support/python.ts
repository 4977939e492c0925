import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Pythons that may have the tools: the one that is named, then the one of this machine. */
const CANDIDATES = [process.env['HEATPROOF_PYTHON'], 'python3'].filter((path) => path !== undefined)

/** The first Python that imports these modules; undefined: none does. */
export function pythonWith(...modules: string[]): string | undefined {
  return CANDIDATES.find((python) => {
    if (python.includes('/') && !existsSync(python)) return false
    try {
      execFileSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })
}

/** Runs a program of Python and parses the JSON that it prints. @throws Error with what Python said */
export function runPython(python: string, program: string, ...args: string[]): unknown {
  return JSON.parse(execFileSync(python, ['-c', program, ...args], { encoding: 'utf8' }))
}
