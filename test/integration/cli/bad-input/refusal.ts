import { expect } from 'vitest'
import { heatproofIn, type Outcome } from '../heatproof.ts'
import { newPlace, type Place } from './place.ts'
import { differences, takeSnapshot } from './snapshot.ts'

/** A row of the table: bad input, the command line that meets it, and what must come of it. */
export interface BadInput {
  /** What is bad. */
  name: string
  /** Makes it in a folder of its own and gives the command line. */
  args: (place: Place) => readonly string[] | Promise<readonly string[]>
  /** 2 where the input is bad, 1 where something else failed. */
  exit: 1 | 2
  /** Pieces of the message, each in its own part. */
  found: Piece
  expected: Piece
  advice: Piece
  /** Tables of a workspace that may have other rows afterwards; everything else must be as it was before. */
  mayGrow?: readonly string[]
  /** What stdout must hold; default: nothing. */
  prints?: RegExp
  /** Runs once more with `--json`: the same error must come as JSON. */
  json?: true
  /** No file can become larger than so many kibibytes. */
  largestFile?: number
  /** Why the case cannot be made on this machine. */
  skip?: string | undefined
}

type Piece = string | RegExp

/** What no message may hold: stacks, and texts of libraries that were not written for users. */
const RAW =
  /^\s+at |\bZod|✖|Invalid (?:input|option)|Too (?:small|big)|(?:Type|Range|Sqlite|Reference)Error|\[object |undefined/m

/** Runs the program on bad input and expects one clear message, the exit code, and everything as it was before. */
export async function expectRefusal(badInput: BadInput, root: string): Promise<void> {
  const place = newPlace(root)
  const args = await badInput.args(place)
  const before = takeSnapshot(place.folder)
  const { largestFile } = badInput
  const surroundings = { ...place, ...(largestFile === undefined ? {} : { largestFile }) }
  const run = () => heatproofIn(surroundings, args)
  expectMessage(await run(), badInput)
  const changed = differences(before, takeSnapshot(place.folder), badInput.mayGrow)
  expect(changed, 'what differs afterwards').toEqual([])
  if (badInput.json) expectJson(await heatproofIn(surroundings, [...args, '--json']), badInput)
}

function expectMessage({ status, stdout, stderr }: Outcome, badInput: BadInput): void {
  const lines = stderr.trimEnd().split('\n')
  const messages = lines.filter((line) => line.startsWith('heatproof: '))
  expect(messages, stderr).toHaveLength(1)
  expect(lines.at(-1), 'the message comes last').toBe(messages[0])
  expect(stderr).not.toMatch(RAW)
  const [, found = '', rest = ''] = /^heatproof: Found (.*?); expected (.*)$/.exec(messages[0] ?? '') ?? []
  expectPieces({ found, expected: rest, advice: rest }, badInput)
  expect(status, stderr).toBe(badInput.exit)
  expect(stdout).toMatch(badInput.prints ?? /^$/)
}

function expectJson({ status, stderr }: Outcome, badInput: BadInput): void {
  const { error } = JSON.parse(stderr) as { error: Record<'code' | 'message' | Part, string> }
  expectPieces(error, badInput)
  expect(error.code).toMatch(/^[a-z_]+$/)
  expect(error.message).toBe(`Found ${error.found}; expected ${error.expected}. ${error.advice}`)
  expect(status).toBe(badInput.exit)
}

type Part = 'found' | 'expected' | 'advice'

function expectPieces(message: Readonly<Record<Part, string>>, badInput: BadInput): void {
  for (const part of ['found', 'expected', 'advice'] as const) {
    const piece = badInput[part]
    if (typeof piece === 'string') expect(message[part], part).toContain(piece)
    else expect(message[part], part).toMatch(piece)
  }
}
