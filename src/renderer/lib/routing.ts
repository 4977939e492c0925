import type { CallInput } from '../../shared/contract/contract.ts'

export const SCREENS = ['runs', 'review', 'compare', 'calibrate', 'figures', 'export', 'settings'] as const
export type Screen = (typeof SCREENS)[number]

/** What the address bar says: a screen and its parameters. */
export interface Route {
  screen: Screen
  parameters: Readonly<Record<string, string>>
}

/** Parameters that are for the server alone and never kept in an address. */
const SERVER_PARAMETERS = new Set(['token'])

/** Reads an address such as `/review?queue=3&map=12`; an unknown path is the Review screen. */
export function parseAddress(address: string): Route {
  const url = new URL(address, 'http://heatproof.invalid')
  const name = url.pathname.split('/')[1] ?? ''
  const screen = SCREENS.find((known) => known === name) ?? 'review'
  const parameters = Object.fromEntries([...url.searchParams].filter(([key]) => !SERVER_PARAMETERS.has(key)))
  return { screen, parameters }
}

/** Prints what {@link parseAddress} reads; undefined and null parameters are left out. */
export function printAddress(
  screen: Screen,
  parameters: Readonly<Record<string, string | number | null | undefined>> = {},
): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined) search.set(key, String(value))
  }
  const text = search.toString()
  return text === '' ? `/${screen}` : `/${screen}?${text}`
}

/** A positive integer parameter, or null where there is none. */
export function idParameter(route: Route, name: string): number | null {
  const value = Number(route.parameters[name])
  return Number.isSafeInteger(value) && value > 0 ? value : null
}

/** Address that opens Review on a new queue, e.g. from a cell of a confusion matrix, and there on a map of it. */
export function reviewAddress(
  request: Partial<CallInput<'review.createQueue'>>,
  mapId: number | null = null,
): string {
  return printAddress('review', { draw: JSON.stringify(request), map: mapId })
}
