import { Command } from 'commander'
import { reportPage } from '../../engine/report/report-page.ts'
import { formatBytes } from '../../shared/units.ts'
import { addChoice, choiceOf, type ChoiceOptions } from '../command-support/figure-options.ts'
import { fileOfEnding, writeMade } from '../command-support/file-of-ending.ts'
import { gatherReport } from '../command-support/gather-report.ts'
import { withWorkspace } from '../command-support/job.ts'
import { findBrowser, printPdf } from '../command-support/print-pdf.ts'
import { workspaceOption } from '../options.ts'

interface ReportOptions extends ChoiceOptions {
  workspace: string
  out: string
  force?: true
  json?: true
}

/** `heatproof report`: figures, tables, calibration and provenance of a workspace as one page. */
export function reportCommand(print: (text: string) => void = console.log): Command {
  const command = new Command('report')
    .description(
      'write one page with the figures, significance tables, calibration and provenance of a workspace',
    )
    .addOption(workspaceOption())
    .requiredOption(
      '--out <file>',
      'where to write it: .html, or .pdf where a Chrome or Chromium is installed',
    )
    .option('--force', 'replace a file that is there')
  return addChoice(command)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nThe page holds its pictures and loads nothing from elsewhere.' +
        '\nExample: heatproof report --workspace digits.heatproof --out report.html',
    )
    .action(async (options: ReportOptions) => {
      const result = await writeReport(options)
      print(options.json ? JSON.stringify(result, null, 2) : printResult(result))
    })
}

interface ReportResult {
  file: string
  bytes: number
  /** Names of the figures that are in it, and of those that had nothing to draw. */
  figures: string[]
  notDrawn: string[]
}

async function writeReport(options: ReportOptions): Promise<ReportResult> {
  const { path, format } = fileOfEnding('--out', options.out, ['html', 'pdf'] as const)
  const browser = format === 'pdf' ? findBrowser() : null
  const drawn: ReportResult = { file: path, bytes: 0, figures: [], notDrawn: [] }
  await writeMade(path, options.force ?? false, async () => {
    const content = await withWorkspace({ workspace: options.workspace }, async (engine) =>
      gatherReport(engine, await choiceOf(engine, options)),
    )
    for (const { figure, png } of content.figures) {
      const names = png === null ? drawn.notDrawn : drawn.figures
      names.push(figure.name)
    }
    const page = reportPage(content)
    const file = browser === null ? new TextEncoder().encode(page) : await printPdf(browser, page)
    drawn.bytes = file.length
    return file
  })
  return drawn
}

function printResult({ file, bytes, figures, notDrawn }: ReportResult): string {
  const without = notDrawn.length === 0 ? '' : `; nothing to draw for ${notDrawn.join(', ')}`
  return `${file}: ${formatBytes(bytes)}, ${figures.length} figures${without}`
}
