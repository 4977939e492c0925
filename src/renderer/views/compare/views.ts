import type { App } from '../../state/app.svelte.ts'

/** Goes from one sequence to pairs of maps, or back; the address keeps what was chosen in either. */
export function otherView(app: App): void {
  const { parameters } = app.router.route
  app.router.go('compare', { ...parameters, view: parameters['view'] === 'pairs' ? null : 'pairs' })
}
