import { CommanderError, type Command } from 'commander'
import { HeatproofError } from '../shared/errors.ts'

export interface Output {
  print: (text: string) => void
  printError: (text: string) => void
}

const TERMINAL: Output = {
  print: (text) => process.stdout.write(text),
  printError: (text) => process.stderr.write(text),
}

/**
 * Runs the command that the arguments name and gives its exit code: 0, or 2 for bad input, or 1 for a failure. The reason
 * goes to stderr: as a line, with `--json` as `{"error": {code, message, found, expected, advice}}`.
 */
export async function runProgram(
  program: Command,
  args: readonly string[],
  output = TERMINAL,
): Promise<number> {
  const json = args.includes('--json')
  takeOver(program, output, json)
  try {
    await program.parseAsync(args, { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (thrown) {
    const error = toHeatproofError(thrown)
    if (error === undefined) return 0
    if (json) output.printError(`${JSON.stringify({ error: fieldsOf(error) })}\n`)
    else if (!(thrown instanceof CommanderError)) output.printError(describe(error))
    return error.exitCode
  }
}

/** Makes commander throw instead of exiting, and print to our output. */
function takeOver(command: Command, output: Output, json: boolean): void {
  command.exitOverride()
  command.configureOutput({
    writeOut: output.print,
    writeErr: json ? () => undefined : output.printError,
  })
  for (const inner of command.commands) takeOver(inner, output, json)
}

/** undefined: help or the version was asked for, and shown. */
function toHeatproofError(thrown: unknown): HeatproofError | undefined {
  if (thrown instanceof HeatproofError) return thrown
  if (thrown instanceof CommanderError) {
    if (thrown.exitCode === 0) return undefined
    return new HeatproofError('bad_argument', {
      found: thrown.message.replace(/^error: /, ''),
      expected: 'a command with its options',
      advice: 'Run `heatproof --help`.',
      cause: thrown,
    })
  }
  return new HeatproofError('internal', {
    found: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown),
    expected: 'no failure here',
    advice: 'Run again with HEATPROOF_DEBUG=1 to see where it happened.',
    cause: thrown,
  })
}

function describe(error: HeatproofError): string {
  const stack =
    process.env['HEATPROOF_DEBUG'] && error.cause instanceof Error ? `${error.cause.stack ?? ''}\n` : ''
  return `heatproof: ${error.message}\n${stack}`
}

function fieldsOf({ code, message, found, expected, advice }: HeatproofError): Record<string, string> {
  return { code, message, found, expected, advice }
}
