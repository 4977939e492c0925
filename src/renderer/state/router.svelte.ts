import { parseAddress, printAddress, type Route, type Screen } from '../lib/routing.ts'

type Parameters = Readonly<Record<string, string | number | null | undefined>>

/** The address bar is the state: every move is an entry of the browser's history, and back and forward come here. */
export class Router {
  #route: Route = $state.raw({ screen: 'review', parameters: {} })

  constructor() {
    this.#read()
    window.addEventListener('popstate', () => this.#read())
  }

  get route(): Route {
    return this.#route
  }

  /** Goes to a screen as a new entry of the history. */
  go(screen: Screen, parameters: Parameters = {}): void {
    this.open(printAddress(screen, parameters))
  }

  /** Goes to an address of this app as a new entry of the history. */
  open(address: string): void {
    window.history.pushState(null, '', address)
    this.#read()
  }

  /** Follows a link of this app without loading the page; a click for a new tab or window stays the browser's. */
  follow(event: MouseEvent & { currentTarget: HTMLAnchorElement }): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    const { pathname, search } = event.currentTarget
    this.open(pathname + search)
  }

  /** Changes parameters of the current screen in place; null removes one. */
  replace(parameters: Parameters): void {
    const { screen, parameters: present } = this.#route
    const address = printAddress(screen, { ...present, ...parameters })
    if (address === window.location.pathname + window.location.search) return
    window.history.replaceState(null, '', address)
    this.#read()
  }

  #read(): void {
    this.#route = parseAddress(window.location.pathname + window.location.search)
  }
}
