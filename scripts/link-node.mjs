// Links what npm leaves out of node_modules/.bin. Some versions of npm drop `node` when they discard the Node packages of
// other platforms: it is the Node that runs the engine. And no npm links the project's own command, so that without
// this `npx heatproof` would first install the project into npm's cache. Never fails an install.
import { fileURLToPath } from 'node:url'
import { linkCommands } from './node-links.mjs'

try {
  linkCommands(fileURLToPath(new URL('..', import.meta.url)))
} catch (error) {
  console.log(`heatproof: could not link Node 24 (${error.message}); run npm scripts with Node 24 yourself.`)
}
