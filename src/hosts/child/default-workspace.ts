import { isAbsolute, join } from 'node:path'

/** Where the sample workspace lies: `$XDG_DATA_HOME/heatproof/sample.heatproof`, else below `~/.local/share`. */
export function defaultWorkspace(environment: NodeJS.ProcessEnv, home: string): string {
  const data = environment['XDG_DATA_HOME'] ?? ''
  return join(isAbsolute(data) ? data : join(home, '.local', 'share'), 'heatproof', 'sample.heatproof')
}
