/**
 * Where npm installs the Node that runs Heatproof, below `node_modules`. Node is published under other names for Windows and
 * for Apple's own processors, and npm links no `node.exe` that could be started by itself.
 *
 * @param {NodeJS.Platform} platform
 * @param {string} arch
 * @returns {string}
 */
export function shippedNode(platform = process.platform, arch = process.arch) {
  const prefix = platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node'
  const system = platform === 'win32' ? 'win' : platform
  return `${prefix}-${system}-${arch}/bin/${platform === 'win32' ? 'node.exe' : 'node'}`
}
