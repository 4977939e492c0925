import { Argument, Command, Option } from 'commander'
import type { Engine } from '../../engine/api/engine.ts'
import { FigureRequest, type Figure, type FigurePanel } from '../../shared/contract/figures.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { FIGURE_FORMATS, FIGURE_NAMES, FIGURE_TEXTS } from '../../shared/figures.ts'
import { formatValue } from '../../shared/units.ts'
import { addChoice, choiceOf, type ChoiceOptions } from '../command-support/figure-options.ts'
import { fileOfEnding, writeMade } from '../command-support/file-of-ending.ts'
import { withWorkspace } from '../command-support/job.ts'
import { parseRequest } from '../command-support/parse-request.ts'
import { printTable } from '../command-support/table.ts'
import { wholeNumber, workspaceOption } from '../options.ts'

interface FigureOptions extends ChoiceOptions {
  workspace?: string
  out?: string
  theme: 'light' | 'dark'
  width?: number
  force?: true
  list?: true
  json?: true
}

/** `heatproof figure`: a named figure as a picture, as its numbers, and as text. */
export function figureCommand(print: (text: string) => void = console.log): Command {
  const command = new Command('figure')
    .description('draw a named figure of a workspace: as PNG, SVG or CSV, with the sentence for its caption')
    .addArgument(new Argument('[name]', 'the figure').choices(FIGURE_NAMES))
    .addOption(workspaceOption().makeOptionMandatory(false))
    .option('--out <file>', 'where to write it; its ending says as what: .png, .svg or .csv')
    .addOption(
      new Option('--theme <name>', 'colours of a picture').choices(['light', 'dark']).default('light'),
    )
    .option(
      '--width <pixels>',
      'width of a PNG (default: 300 dots an inch)',
      wholeNumber('--width', 200, 12_000),
    )
    .option('--force', 'replace a file that is there')
    .option('--list', 'say which figures there are')
  return addChoice(command)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nWithout --out the numbers are printed.' +
        '\nExamples:\n  heatproof figure --list' +
        '\n  heatproof figure gb-gates --workspace digits.heatproof --out gates.png' +
        '\n  heatproof figure distribution --workspace digits.heatproof --metric cosine --out cosine.svg',
    )
    .action(async (name: string | undefined, options: FigureOptions) => {
      print(options.list ? printFigures(options.json ?? false) : await drawNamed(name, options))
    })
}

function printFigures(json: boolean): string {
  if (json) return JSON.stringify(FIGURE_TEXTS, null, 2)
  return FIGURE_NAMES.map((name) => `${name.padEnd(16)}${FIGURE_TEXTS[name].sentence}`).join('\n')
}

async function drawNamed(name: string | undefined, options: FigureOptions): Promise<string> {
  const { workspace } = options
  if (name === undefined) throw missing('no figure', `one of ${FIGURE_NAMES.join(', ')}`)
  if (workspace === undefined) throw missing('no --workspace', 'the workspace, a .heatproof file')
  return withWorkspace({ workspace }, (engine) => drawIn(engine, name, options))
}

async function drawIn(engine: Engine, name: string, options: FigureOptions): Promise<string> {
  const { out, theme, width, force = false, json = false } = options
  const file = out === undefined ? null : fileOfEnding('--out', out, FIGURE_FORMATS)
  const request = parseRequest(FigureRequest, { name, ...(await choiceOf(engine, options)) }, 'figure')
  const figure = await engine.handlers['figures.draw'](request)
  if (file !== null) {
    await writeMade(file.path, force, async () => engine.bulk.figure(request, file.format, { theme, width }))
  }
  if (json) return JSON.stringify(file === null ? figure : { ...figure, file: file.path }, null, 2)
  const said = [figure.caption, ...figure.notes]
  return file === null ? [printNumbers(figure), ...said].join('\n\n') : [file.path, ...said].join('\n')
}

function printNumbers(figure: Figure): string {
  const panels = figure.panels.map((panel) => `${panel.title}\n${printPanel(panel)}`)
  if (figure.pictures.length === 0) return panels.join('\n\n')
  return printTable(
    ['map', 'architecture', 'method', 'class', 'percentage', 'capped'],
    figure.pictures.map(({ mapId, label, method, sampleLabel, percentage, capped }) => [
      ...[`#${mapId}`, label, method, String(sampleLabel), formatValue(percentage), formatValue(capped)],
    ]),
  )
}

function printPanel({ by, categories, series, baselines }: FigurePanel): string {
  const rows = series.flatMap(({ label, over, points }) =>
    points.map(({ category, mean, low, high, count }) => [
      ...[label, categories[category] ?? '', mean === null ? 'undefined' : formatValue(mean)],
      ...[low === null || high === null ? 'undefined' : `${formatValue(low)} to ${formatValue(high)}`],
      ...[over, String(count)],
    ]),
  )
  const lines = baselines.map(({ name, value }) => `${name} ${formatValue(value)}`)
  return [printTable(['', by, 'mean', '95 % interval', 'over', 'maps'], rows), ...lines].join('\n')
}

function missing(found: string, expected: string): HeatproofError {
  return new HeatproofError('bad_argument', { found, expected, advice: 'Run `heatproof figure --help`.' })
}
