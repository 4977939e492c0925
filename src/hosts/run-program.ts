import { CommanderError, type Command } from 'commander'
import { HeatproofError } from '../shared/errors.ts'
import { toArgumentError } from './argument-error.ts'

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
  takeOver(program, output)
  try {
    await program.parseAsync(args, { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (thrown) {
    if (thrown instanceof CommanderError && HELP.has(thrown.code)) return thrown.exitCode === 0 ? 0 : 2
    const error = toHeatproofError(thrown, program, args)
    output.printError(json ? `${JSON.stringify({ error: fieldsOf(error) })}\n` : describe(error))
    return error.exitCode
  }
}

/** Help or the version was shown: because it was asked for, or because there was no command. */
const HELP: ReadonlySet<string> = new Set(['commander.help', 'commander.helpDisplayed', 'commander.version'])

/** Makes commander throw instead of exiting, and leave the printing of errors to us. */
function takeOver(command: Command, output: Output): void {
  command.exitOverride()
  command.configureOutput({
    writeOut: output.print,
    writeErr: output.printError,
    outputError: () => undefined,
  })
  for (const inner of command.commands) takeOver(inner, output)
}

function toHeatproofError(thrown: unknown, program: Command, args: readonly string[]): HeatproofError {
  if (thrown instanceof HeatproofError) return thrown
  if (thrown instanceof CommanderError) {
    const command = program.commands.find((known) => known.name() === args[0])
    return toArgumentError(thrown, program, command)
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
