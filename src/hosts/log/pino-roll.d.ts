declare module 'pino-roll' {
  import type { SonicBoom, SonicBoomOpts } from 'sonic-boom'

  export interface RollOptions extends Omit<SonicBoomOpts, 'dest'> {
    file: string
    extension?: string
    /** Such as `5m`, megabytes. */
    size?: string
    /** Kept beside the file that is written, of those that this process made. */
    limit?: { count: number }
  }

  export default function build(options: RollOptions): Promise<SonicBoom>
}
