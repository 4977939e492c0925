import { HeatproofError } from './errors.ts'

/** An option of a method: its place in the id is its place in the list of the method's options. */
export interface MethodOption<Value extends number | string> {
  readonly name: string
  readonly fallback: Value
  /** What the option can be, for messages. */
  readonly expected: string
  /** undefined: the text is no such value. */
  readonly parse: (text: string) => Value | undefined
}

/** A whole number from `low` to `high`. */
export function whole(name: string, fallback: number, low: number, high: number): MethodOption<number> {
  return {
    name,
    fallback,
    expected: `a whole number from ${low} to ${high}`,
    parse: (text) => (/^\d{1,9}$/.test(text) ? within(Number(text), low, high) : undefined),
  }
}

/** A number from `low` to `high`, e.g. `0.15`, `-1` or `1e-6`. */
export function decimal(name: string, fallback: number, low: number, high: number): MethodOption<number> {
  return {
    name,
    fallback,
    expected: `a number from ${low} to ${high}`,
    parse: (text) => (DECIMAL.test(text) ? within(Number(text), low, high) : undefined),
  }
}

/** One of some words; the first is the default. */
export function word<Word extends string>(
  name: string,
  words: readonly [Word, ...Word[]],
): MethodOption<Word> {
  return {
    name,
    fallback: words[0],
    expected: words.join(' or '),
    parse: (text) => words.find((known) => known === text),
  }
}

/** Letters, digits, `.`, `_`, `+` and `-`; it has no default that anybody would want. */
export function name(what: string, longest: number): MethodOption<string> {
  const form = new RegExp(`^[A-Za-z0-9][A-Za-z0-9._+-]{0,${longest - 1}}$`)
  return {
    name: what,
    fallback: 'unnamed',
    expected: `up to ${longest} letters, digits, dots, underscores, plus signs and dashes`,
    parse: (text) => (form.test(text) ? text : undefined),
  }
}

const DECIMAL = /^-?\d{1,9}(?:\.\d{1,30})?(?:e-\d{1,3})?$/

/** `-0` and 0 are one value. */
function within(value: number, low: number, high: number): number | undefined {
  return value >= low && value <= high ? value + 0 : undefined
}

/** Reads the options of an id one after the other. */
export class OptionReader {
  readonly #id: string
  readonly #texts: string[]

  /** @param texts the parts of the id after its family */
  constructor(id: string, texts: readonly string[]) {
    this.#id = id
    this.#texts = [...texts]
  }

  /** The next option, or its default at the end of the id. @throws HeatproofError `unknown_method` */
  next<Value extends number | string>(option: MethodOption<Value>): Value {
    const text = this.#texts.shift()
    if (text === undefined) return option.fallback
    const value = option.parse(text)
    if (value !== undefined) return value
    throw new HeatproofError('unknown_method', {
      found: `the ${option.name} '${text}' in the method '${this.#id}'`,
      expected: option.expected,
      advice: `Correct it, or leave it out: the default is ${option.fallback}.`,
    })
  }

  /** @throws HeatproofError `unknown_method`: the id goes on */
  end(form: string): void {
    const [text] = this.#texts
    if (text === undefined) return
    throw new HeatproofError('unknown_method', {
      found: `'${text}' at the end of the method '${this.#id}'`,
      expected: form,
      advice: 'Leave it out.',
    })
  }
}

/** Options as they stand in an id: `:` before each, without the last ones that have their default. */
export function printOptions(
  options: readonly MethodOption<number | string>[],
  values: readonly (number | string)[],
): string {
  const last = values.findLastIndex((value, place) => value !== options[place]?.fallback)
  return values
    .slice(0, last + 1)
    .map((value) => `:${value}`)
    .join('')
}
