declare module 'pino-roll' {
  import type { SonicBoom, SonicBoomOpts } from 'sonic-boom'

  export interface RollOptions extends Omit<SonicBoomOpts, 'dest'> {
    file: string
    extension?: string
    /** Such as `5m`, megabytes. */
    size?: string
    /** Kept beside the file that is written; with `removeOtherLogFiles` those of earlier processes count too. */
    limit?: { count: number; removeOtherLogFiles?: boolean }
  }

  export default function build(options: RollOptions): Promise<SonicBoom>
}
