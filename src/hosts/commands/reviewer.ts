import { Argument, Command, Option } from 'commander'
import type { Engine } from '../../engine/api/engine.ts'
import { ROLES, type Reviewer, type ReviewerWithToken, type Role } from '../../shared/contract/reviewers.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { formatInstant } from '../../shared/units.ts'
import { withWorkspace } from '../command-support/job.ts'
import { printTable } from '../command-support/table.ts'
import { wholeNumber, workspaceOption } from '../options.ts'
import type { Scheme } from '../server/security/origin.ts'

const ACTIONS = ['add', 'list', 'remove', 'renew'] as const
type Action = (typeof ACTIONS)[number]

interface ReviewerOptions {
  workspace: string
  role: Role
  port: number
  https: boolean
  json?: true
}

/** What is printed: as JSON, or as text. */
interface Answer {
  json: unknown
  text: string
}

/** `heatproof reviewer`: who may open a served workspace by a link of their own, and as what. */
export function reviewerCommand(): Command {
  return new Command('reviewer')
    .description('give reviewers of a served workspace links of their own, renew them or take them back')
    .addArgument(new Argument('<action>', 'what to do').choices(ACTIONS))
    .argument('[name]', 'whose link it is; `list` needs none')
    .addOption(workspaceOption())
    .addOption(
      new Option('--role <role>', 'for `add`: what they may do; a lead also starts runs, activates, exports')
        .choices(ROLES)
        .default('reviewer'),
    )
    .option(
      '--port <n>',
      'port of the link, that of `heatproof serve`',
      wholeNumber('--port', 1, 65_535),
      8000,
    )
    .option('--https', 'the link of a server that has --tls-cert', false)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nA link is printed once; the workspace keeps only the SHA-256 of its token.\n\nExample: heatproof reviewer add Ada --workspace digits.heatproof --port 8000',
    )
    .action(async (action: Action, name: string | undefined, options: ReviewerOptions) => {
      const wanted = requireName(action, name)
      const answer = await withWorkspace({ workspace: options.workspace }, (engine) =>
        work(engine, action, wanted, options),
      ).catch(explainInUse)
      console.log(options.json ? JSON.stringify(answer.json, null, 2) : answer.text)
    })
}

async function work(
  { handlers }: Engine,
  action: Action,
  name: string,
  { workspace, role, port, https }: ReviewerOptions,
): Promise<Answer> {
  const scheme = https ? 'https' : 'http'
  if (action === 'add') {
    return linkAnswer(await handlers['reviewers.add']({ name, role }), workspace, port, scheme)
  }
  const reviewers = await handlers['reviewers.list']({})
  if (action === 'list') return { json: reviewers, text: printReviewers(reviewers) }
  const { id } = oneReviewer(name, reviewers)
  if (action === 'renew')
    return linkAnswer(await handlers['reviewers.renew']({ id }), workspace, port, scheme)
  await handlers['reviewers.remove']({ id })
  return { json: { removed: name }, text: `The link of ${name} no longer works. Their verdicts stay.` }
}

function linkAnswer(
  { token, ...reviewer }: ReviewerWithToken,
  workspace: string,
  port: number,
  scheme: Scheme,
): Answer {
  const link = `${scheme}://127.0.0.1:${port}/open?token=${token}`
  const text = `${link}\nThis is the link of ${reviewer.name} (${reviewer.role}); it is not shown again. It works while this runs:\nheatproof serve --workspace ${workspace} --port ${port}`
  return { json: { ...reviewer, link }, text }
}

function printReviewers(reviewers: readonly Reviewer[]): string {
  if (reviewers.length === 0) return 'Nobody has a link yet. Make one with `heatproof reviewer add NAME`.'
  return printTable(
    ['name', 'role', 'last here'],
    reviewers.map(({ name, role, lastSeenAt }) => [
      name,
      role,
      lastSeenAt === null ? 'never' : formatInstant(lastSeenAt),
    ]),
  )
}

/** '' for `list`. @throws HeatproofError `bad_argument` */
function requireName(action: Action, name: string | undefined): string {
  const trimmed = name?.trim() ?? ''
  const isFit = action === 'list' ? name === undefined : trimmed !== '' && trimmed.length <= 120
  if (isFit) return trimmed
  throw new HeatproofError('bad_argument', {
    found: name === undefined ? `${action} without a name` : `${action} with the name '${name}'`,
    expected: action === 'list' ? 'no name' : 'a name of 1 to 120 characters',
    advice: 'Run `heatproof reviewer --help` for an example.',
  })
}

/** @throws HeatproofError `not_found` */
function oneReviewer(name: string, reviewers: readonly Reviewer[]): Reviewer {
  const found = reviewers.find((reviewer) => reviewer.name === name)
  if (found !== undefined) return found
  throw new HeatproofError('not_found', {
    found: `no reviewer '${name}' with a link`,
    expected:
      reviewers.length === 0 ? 'a reviewer; there are none yet' : reviewers.map((one) => one.name).join(', '),
    advice: 'See `heatproof reviewer list`.',
  })
}

/** The file belongs to one process; while that is the app itself, the app is where reviewers are kept. */
function explainInUse(thrown: unknown): never {
  if (!(thrown instanceof HeatproofError) || thrown.code !== 'workspace_in_use') throw thrown
  const { code, found, expected } = thrown
  const advice = 'Keep reviewers in the running app: Settings, Reviewers. Or stop it, and run this again.'
  throw new HeatproofError(code, { found, expected, advice, cause: thrown })
}
