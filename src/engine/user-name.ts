import { userInfo } from 'node:os'

/** The name of the system's user, who reviews unless another name is given; `reviewer` where the system knows none. */
export function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'reviewer'
  }
}
