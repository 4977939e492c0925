import type { Command, CommanderError } from 'commander'
import { HeatproofError } from '../shared/errors.ts'

interface Complaint {
  found: string
  expected: string
}

/** What commander refuses, by its code: the quoted part of its message and the names of all commands → in our words. */
const COMPLAINTS: Readonly<Record<string, (quoted: string, commands: string) => Complaint>> = {
  'commander.unknownCommand': (name, commands) => ({
    found: `the unknown command '${name}'`,
    expected: `one of ${commands}`,
  }),
  'commander.unknownOption': (option) => ({
    found: `the unknown option ${option}`,
    expected: 'an option of this command',
  }),
  'commander.missingMandatoryOptionValue': (option) => ({
    found: `no ${option}`,
    expected: 'this option, which the command needs',
  }),
  'commander.optionMissingArgument': (option) => ({
    found: `nothing after ${option}`,
    expected: 'a value after this option',
  }),
  'commander.missingArgument': (name) => ({
    found: `no <${name}>`,
    expected: `<${name}> after the command`,
  }),
}

/**
 * What commander says of the arguments, as one of our errors.
 *
 * @param command the command that the arguments name, where there is one
 */
export function toArgumentError(
  error: CommanderError,
  program: Command,
  command: Command | undefined,
): HeatproofError {
  const [said = '', suggestion = ''] = error.message.replace(/^error: /, '').split('\n')
  const quoted = /'([^']*)'/.exec(said)?.[1] ?? ''
  const commands = program.commands.map((known) => known.name()).join(', ')
  const help = `heatproof ${command === undefined ? '' : `${command.name()} `}--help`
  const meant = /Did you mean (.*)\?/.exec(suggestion)?.[1]
  return new HeatproofError('bad_argument', {
    ...(COMPLAINTS[error.code]?.(quoted, commands) ?? otherComplaint(said)),
    advice: `${meant === undefined ? '' : `Did you mean ${meant}? `}Run \`${help}\`.`,
    cause: error,
  })
}

function otherComplaint(said: string): Complaint {
  const excess = /^too many arguments.* Expected (\d+ arguments?) but got \d+: (.*)\.$/.exec(said)
  if (excess) return { found: `the arguments ${excess[2] ?? ''}`, expected: excess[1] ?? '' }
  const choice = /^option '(\S+)[^']*' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/.exec(said)
  if (choice) {
    const [, option = '', value = '', choices = ''] = choice
    return { found: `${option} ${value}`, expected: `one of ${choices}` }
  }
  const action =
    /^command-argument value '(.*)' is invalid for argument '.*'\. Allowed choices are (.*)\.$/.exec(said)
  if (action)
    return { found: `'${action[1] ?? ''}' after the command`, expected: `one of ${action[2] ?? ''}` }
  return { found: said.replace(/\.$/, ''), expected: 'the arguments that the help lists' }
}
