import { isAbsolute, join } from 'node:path'

/** Where Heatproof writes its logs: the folder that the platform has for them. */
export function logFolder(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv, home: string): string {
  if (platform === 'darwin') return join(home, 'Library', 'Logs', 'Heatproof')
  if (platform === 'win32') {
    return join(absolute(environment['LOCALAPPDATA']) ?? join(home, 'AppData', 'Local'), 'Heatproof', 'Logs')
  }
  return join(absolute(environment['XDG_STATE_HOME']) ?? join(home, '.local', 'state'), 'heatproof', 'logs')
}

function absolute(folder: string | undefined): string | undefined {
  return folder !== undefined && isAbsolute(folder) ? folder : undefined
}
