import type { MenuItemConstructorOptions } from 'electron'
import { expect, test } from 'vitest'
import { acceleratorOf } from '../../../src/main/accelerator.ts'
import { menuTemplate } from '../../../src/main/menu.ts'
import type { MenuCommand, MenuEvent } from '../../../src/shared/desktop.ts'
import { KEY_ACTIONS } from '../../../src/shared/keys.ts'

const COMMANDS: MenuCommand[] = [
  { id: 'go.runs', title: 'Go to Runs', group: 'Go', chord: null },
  { id: 'go.review', title: 'Go to Review', group: 'Go', chord: null },
  { id: 'palette', title: 'Command palette', group: 'Help', chord: 'Mod+k' },
  { id: 'accept', title: 'Accept', group: 'Review', chord: 'a' },
]

function menuOf(platform: NodeJS.Platform, commands = COMMANDS) {
  const sent: MenuEvent[] = []
  const done: string[] = []
  const template = menuTemplate(
    {
      newWorkspace: () => done.push('new'),
      openWorkspace: () => done.push('open'),
      restartEngine: () => done.push('restart'),
      openLogs: () => done.push('logs'),
      openRecent: (workspace) => done.push(workspace),
      recent: ['/b.heatproof', '/a.heatproof'],
      commands,
      send: (event) => sent.push(event),
    },
    platform,
  )
  const below = ({ submenu }: MenuItemConstructorOptions) => (Array.isArray(submenu) ? submenu : [])
  const items = template.flatMap(below)
  const all = [...template, ...items, ...items.flatMap(below)]
  const find = (label: string) => all.find((candidate) => candidate.label === label)
  const click = (label: string): void => find(label)?.click?.({} as never, undefined, {})
  return { sent, done, find, click }
}

test('every command of the palette is in the menu and runs', () => {
  const { sent, click } = menuOf('linux')
  for (const { title } of COMMANDS) click(title)
  expect(sent).toEqual(COMMANDS.map(({ id }) => ({ action: 'run', id })))
})

test('files, the engine and the logs are the window’s own', () => {
  const { done, click } = menuOf('linux')
  const labels = ['New workspace…', 'Open workspace…', '/a.heatproof', 'Restart engine', 'Open log folder']
  labels.forEach(click)
  expect(done).toEqual(['new', 'open', '/a.heatproof', 'restart', 'logs'])
})

test('keys are shown and left to the page; only the numbers of screens are the menu’s', () => {
  const { find } = menuOf('linux')
  expect(find('Accept')).toMatchObject({ accelerator: 'A', registerAccelerator: false })
  expect(find('Command palette')).toMatchObject({ accelerator: 'CmdOrCtrl+K', registerAccelerator: false })
  expect(find('Go to Review')).toMatchObject({ accelerator: 'CmdOrCtrl+2' })
  expect(find('Go to Review')?.registerAccelerator).toBeUndefined()
})

test('macOS would take a key that it shows, so that it stands behind the title', () => {
  const { find } = menuOf('darwin')
  expect(find('Accept (A)')?.accelerator).toBeUndefined()
})

test('without a screen there is nothing to go to', () => {
  const { find } = menuOf('linux', [])
  expect([find('Go')?.enabled, find('Commands')?.enabled]).toEqual([false, false])
})

test('Electron has a name for every key of the app', () => {
  const chords = Object.values(KEY_ACTIONS).flatMap((action): readonly string[] => action.chords)
  expect(chords.filter((chord) => acceleratorOf(chord) === null)).toEqual([])
  expect(['Mod+Shift+l', 'ArrowLeft', '+', 'Mod++', '?'].map(acceleratorOf)).toEqual([
    'CmdOrCtrl+Shift+L',
    'Left',
    'Plus',
    'CmdOrCtrl+Plus',
    '?',
  ])
  expect(acceleratorOf('Mod+MediaPlay')).toBeNull()
})
