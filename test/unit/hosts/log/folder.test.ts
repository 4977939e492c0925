import { expect, test } from 'vitest'
import { logFolder } from '../../../../src/hosts/log/folder.ts'

test.each([
  ['linux', {}, '/home/anna/.local/state/heatproof/logs'],
  ['linux', { XDG_STATE_HOME: '/state' }, '/state/heatproof/logs'],
  ['linux', { XDG_STATE_HOME: 'state' }, '/home/anna/.local/state/heatproof/logs'],
  ['darwin', {}, '/home/anna/Library/Logs/Heatproof'],
  ['win32', {}, '/home/anna/AppData/Local/Heatproof/Logs'],
] as const)('the logs of %s with %j lie in %s', (platform, environment, folder) => {
  expect(logFolder(platform, environment, '/home/anna')).toBe(folder)
})
