import { homedir } from 'node:os'
import { userName } from '../../engine/user-name.ts'

export interface Person {
  /** Their home folder, absolute. */
  home: string
  /** Their name on this machine. */
  user: string
}

/** Who runs this process. */
export function thisPerson(): Person {
  return { home: homedir(), user: userName() }
}

/** Names of accounts that are nobody's. */
const NOBODY: readonly string[] = ['root', 'user', 'admin', 'node']

const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\b(token=)[\w-]+/gi, '$1…'],
  [/\b(Bearer )[\w-]+/gi, '$1…'],
  [/\b(heatproof_\d+=)[\w-]+/g, '$1…'],
]

const OTHER_HOMES = /([\\/](?:home|Users)[\\/]+)(?!<user>)[^\\/\s"':]+/g

/** Text that may be sent to somebody: without tokens, and without the name and the home folder of whoever works here. */
export function withoutPrivate(text: string, { home, user }: Person = thisPerson()): string {
  const hidden = SECRETS.reduce((left, [secret, instead]) => left.replace(secret, instead), text)
  const homes = [home, JSON.stringify(home).slice(1, -1)].filter((folder) => folder.length > 1)
  const placed = homes.reduce((left, folder) => left.replaceAll(folder, '~'), hidden)
  const shared = placed.replace(OTHER_HOMES, '$1<user>')
  if (user.length < 3 || NOBODY.includes(user)) return shared
  return shared.replaceAll(new RegExp(`(?<![\\w-])${escape(user)}(?![\\w-])`, 'gi'), '<user>')
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
