import { Option, type Command } from 'commander'
import type { Engine } from '../../engine/api/engine.ts'
import type { FigureRequest } from '../../shared/contract/figures.ts'
import { METRICS, type MetricName } from '../../shared/names.ts'
import { decimalNumber } from '../options.ts'
import { exportFilter, type FilterOptions } from './export-filter.ts'

/** Which maps, metric and cap a figure or comparison is about. */
export interface ChoiceOptions extends FilterOptions {
  metric?: MetricName
  tau: FigureRequest['tau']
  audited?: true
}

const inRange = decimalNumber('--tau', 0, 1)

function tauOf(text: string): FigureRequest['tau'] {
  return text === 'active' || text === 'default' ? text : inRange(text)
}

/** Adds `--metric`, `--tau`, `--audited` and the filters. */
export function addChoice(command: Command): Command {
  return command
    .addOption(new Option('--metric <name>', 'metric').choices(METRICS))
    .addOption(
      new Option('--tau <cap>', 'the cap: active, default, or a number from 0 to 1')
        .argParser(tauOf)
        .default('active'),
    )
    .option('--audited', 'only maps that reviewers accepted')
    .option('--filter <json>', 'filter as the app writes it, e.g. {"correct": true}')
    .option('--method <list>', 'only these methods, with commas between')
    .option('--model <list>', 'only these models, names or ids, with commas between')
    .option('--label <list>', 'only samples with these labels, with commas between')
}

/** The options as fields of a request. */
export async function choiceOf(engine: Engine, options: ChoiceOptions) {
  const { metric, tau, audited } = options
  return {
    ...(metric === undefined ? {} : { metric }),
    tau,
    auditedOnly: audited ?? false,
    filter: exportFilter(options, await engine.handlers['models.list']({})),
  }
}
