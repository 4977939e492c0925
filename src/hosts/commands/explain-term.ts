import { Command } from 'commander'
import { explainTerm, TERMS } from '../../shared/terms.ts'
import { TERM_KINDS, type Term } from '../../shared/terms/term.ts'

function printTerm(term: Term): string {
  const lines = [`${term.title} (${term.name}, ${term.kind})`, '', `  ${term.sentence}`]
  if (term.formula !== null) lines.push('', `  ${term.formula}`)
  return [...lines, '', `  Source: ${term.source}`].join('\n')
}

function printList(): string {
  return TERM_KINDS.map((kind) => {
    const terms = TERMS.filter((term) => term.kind === kind)
    return [kind, ...terms.map((term) => `  ${term.name.padEnd(28)}${term.title}`)].join('\n')
  }).join('\n\n')
}

/** `heatproof explain-term NAME`: what a metric, method, failure mode or option means, with its formula and source. */
export function explainTermCommand(print: (text: string) => void = console.log): Command {
  return new Command('explain-term')
    .description('say what a metric, method, failure mode, architecture or option means')
    .argument('[name...]', 'its name, e.g. capped_percentage')
    .option('--list', 'list all terms')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: heatproof explain-term capped_percentage')
    .action((words: string[], options: { list?: true; json?: true }) => {
      const all = options.list === true || words.length === 0
      if (all) print(options.json ? JSON.stringify(TERMS, null, 2) : printList())
      else {
        const term = explainTerm(words.join(' '))
        print(options.json ? JSON.stringify(term, null, 2) : printTerm(term))
      }
    })
}
