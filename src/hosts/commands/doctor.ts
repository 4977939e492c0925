import { Command } from 'commander'
import { examine, type Finding } from '../doctor/examine.ts'

/** `heatproof doctor`: what is there, and why not the rest. Always exits with 0: a missing part is no failure. */
export function doctorCommand(print: (text: string) => void = console.log): Command {
  return new Command('doctor')
    .description(
      'say which backends, data sets and programs are there, and why not the rest: a page for a bug report, without names or home folders',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: heatproof doctor')
    .action(async ({ json }: { json?: true }) => {
      const findings = await examine()
      print(json ? JSON.stringify(findings, null, 2) : printFindings(findings))
    })
}

/** One line a finding: a mark, its name, what was found. */
export function printFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length)) + 2
  return findings.map(({ ok, name, found }) => `${ok ? '✓' : '–'} ${name.padEnd(width)}${found}`).join('\n')
}
