import { createProgram } from './program.ts'
import { runProgram } from './run-program.ts'

// `heatproof … | head` closes the pipe early, which is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1)
})

const args = process.argv.slice(2)
process.exitCode = await runProgram(await createProgram(args[0]), args)
