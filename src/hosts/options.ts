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

type NumberParser = (text: string) => number

/** Parser of an option that is a whole number between low and high. @throws HeatproofError `bad_argument` */
export function wholeNumber(name: string, low: number, high: number): NumberParser {
  return numberParser(name, `a whole number from ${low} to ${high}`, (value, text) => {
    return /^\d+$/.test(text) && value >= low && value <= high
  })
}

/** Parser of an option that is a number between low and high. @throws HeatproofError `bad_argument` */
export function decimalNumber(name: string, low: number, high: number): NumberParser {
  return numberParser(name, `a number from ${low} to ${high}`, (value) => value >= low && value <= high)
}

/** Parser of an option that is a number; which ones fit, the request says. @throws HeatproofError `bad_argument` */
export function anyNumber(name: string): NumberParser {
  return numberParser(name, 'a number', Number.isFinite)
}

function numberParser(
  name: string,
  expected: string,
  fits: (value: number, text: string) => boolean,
): NumberParser {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && fits(value, text)) return value
    throw new HeatproofError('bad_argument', {
      found: `${name} '${text}'`,
      expected,
      advice: `Correct ${name}.`,
    })
  }
}
