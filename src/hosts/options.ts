import { Option } from 'commander'
import { HeatproofError } from '../shared/errors.ts'
import { BACKENDS } from '../shared/names.ts'

/** `--workspace FILE`, which every command on a workspace takes. */
export function workspaceOption(): Option {
  return new Option('--workspace <file>', 'the workspace, a .heatproof file').makeOptionMandatory()
}

/** `--backend NAME`: what computes. */
export function backendOption(): Option {
  return new Option('--backend <name>', 'compute backend').choices(['auto', ...BACKENDS]).default('auto')
}

/** Parser of an option that is a whole number between low and high. @throws HeatproofError `bad_argument` */
export function wholeNumber(name: string, low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= low && value <= high) return value
    throw new HeatproofError('bad_argument', {
      found: `${name} ${text}`,
      expected: `a whole number from ${low} to ${high}`,
      advice: `Correct ${name}.`,
    })
  }
}

/** Parser of an option that is a number between low and high. @throws HeatproofError `bad_argument` */
export function decimalNumber(name: string, low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && value >= low && value <= high) return value
    throw new HeatproofError('bad_argument', {
      found: `${name} ${text}`,
      expected: `a number from ${low} to ${high}`,
      advice: `Correct ${name}.`,
    })
  }
}
