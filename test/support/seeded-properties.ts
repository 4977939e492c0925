import fc from 'fast-check'

/** `npm test` tries the same values every time, so that what fails for one fails for all; `npm run test:exhaustive` tries new ones. */
if (process.env['HEATPROOF_EXHAUSTIVE'] !== '1') fc.configureGlobal({ seed: 20 })
