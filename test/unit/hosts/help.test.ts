import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { createProgram } from '../../../src/hosts/program.ts'
import { runProgram } from '../../../src/hosts/run-program.ts'

async function printed(...args: string[]): Promise<string> {
  let text = ''
  const output = { print: (part: string) => (text += part), printError: (part: string) => (text += part) }
  expect(await runProgram(await createProgram(), args, output)).toBe(0)
  return text
}

/** The examples of a help text: one beside `Example:`, or some below `Examples:`, as the words after `heatproof`. */
function examplesIn(help: string): string[][] {
  return [...help.matchAll(/^(?:Example:| ) heatproof (.*)$/gm)].map(([, words = '']) => words.split(' '))
}

/** Parses words with every command's action left out; gives what the action would have been called with. */
async function parse(words: readonly string[]): Promise<{ command: string; options: unknown } | undefined> {
  const program = await createProgram()
  let called: { command: string; options: unknown } | undefined
  for (const command of program.commands) {
    command.action(() => {
      called = { command: command.name(), options: command.opts() }
    })
  }
  expect(await runProgram(program, words)).toBe(0)
  return called
}

const COMMANDS = (await createProgram()).commands.map((command) => [command.name(), command] as const)

describe.each(COMMANDS)('the help of %s', (name, command: Command) => {
  test('says what it does and what every option is', async () => {
    const help = await printed(name, '--help')
    expect(command.description()).toMatch(/^[a-z].*[^.]$/)
    expect(help).toContain(command.description().split(' ').slice(0, 5).join(' '))
    for (const { long, description } of command.options)
      expect([long, description]).toEqual([long, expect.stringMatching(/\S/)])
    for (const argument of command.registeredArguments) expect(argument.description).toMatch(/\S/)
  })

  test('has examples, which the command takes', async () => {
    const help = await printed(name, '--help')
    expect(help.match(/^Examples?:/gm)).toHaveLength(1)
    const examples = examplesIn(help)
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) {
      expect(example[0]).toBe(name)
      expect(await parse(example)).toMatchObject({ command: name })
    }
  })
})

test('every command that prints results offers JSON', () => {
  const without = COMMANDS.filter(([, { options }]) => !options.some(({ long }) => long === '--json'))
  expect(without.map(([name]) => name)).toEqual(['serve'])
})

test('the help of all lists every command, and the exit codes once', async () => {
  const help = await printed('--help')
  for (const [name] of COMMANDS) expect(help).toMatch(new RegExp(`^ {2}${name} `, 'm'))
  expect(help.match(/exit codes/gi)).toHaveLength(1)
  expect(help).toContain('Exit codes: 0 done, 1 failure, 2 bad input, 130 stopped by Ctrl+C.')
  for (const [name] of COMMANDS) expect(await printed(name, '--help')).not.toMatch(/exit codes/i)
})
