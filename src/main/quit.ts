import type { App } from 'electron'

/**
 * Quitting waits until all windows may close and their engines have ended; one window that stays keeps the app.
 *
 * @param quit closes all windows; false: one stays
 */
export function quitInOrder(app: Pick<App, 'on' | 'quit'>, quit: () => Promise<boolean>): void {
  let [asking, done] = [false, false]
  app.on('window-all-closed', () => app.quit())
  app.on('before-quit', (event) => {
    if (done) return
    event.preventDefault()
    if (asking) return
    asking = true
    void quit().then((closed) => {
      asking = false
      done = closed
      if (closed) app.quit()
    })
  })
}
