import { createContext } from 'svelte'
import type { EngineClient } from '../lib/client.ts'
import { Commands } from './commands.svelte.ts'
import { Keymap } from './keymap.svelte.ts'
import { Notices } from './notices.svelte.ts'
import { Router } from './router.svelte.ts'
import { Theme } from './theme.svelte.ts'
import { Tour } from './tour.svelte.ts'
import { VerdictSaver } from './verdict-saver.svelte.ts'
import { WorkspaceState } from './workspace.svelte.ts'

/** Everything that screens share, handed down by context. */
export class App {
  readonly client: EngineClient
  readonly router = new Router()
  readonly notices = new Notices()
  readonly theme = new Theme()
  readonly keymap = new Keymap()
  readonly commands = new Commands()
  readonly tour = new Tour()
  readonly workspace: WorkspaceState
  readonly saver: VerdictSaver

  constructor(client: EngineClient) {
    this.client = client
    this.workspace = new WorkspaceState(client, this.notices)
    this.saver = new VerdictSaver(client, () => this.workspace.summary?.path ?? '')
  }
}

export const [getApp, setApp] = createContext<App>()
