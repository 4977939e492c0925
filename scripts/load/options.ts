/** A positive number that an option names. @throws RangeError */
export function positive(name: string, text: string): number {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new RangeError(`found --${name} '${text}'; expected a number above 0`)
}

/** Runs a script's main part; bad options exit with 2, anything else that is thrown with 1. */
export async function run(main: () => Promise<boolean>, usage: string): Promise<void> {
  try {
    process.exitCode = (await main()) ? 0 : 1
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    console.error(`${error.message}\n\n${usage}`)
    process.exitCode = 2
  }
}
