import { benchExports } from './src/hosts/bench/exports.ts'
console.log((await benchExports()).map(r=>`${r.form} ${r.seconds.toFixed(1)}`).join(', '))
