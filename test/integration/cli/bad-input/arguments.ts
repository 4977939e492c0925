import { writeNpy } from '../../../../src/engine/exchange/npy.ts'
import { mapsOf, wholeNumbers } from './arrays.ts'
import type { Place } from './place.ts'
import type { BadInput } from './refusal.ts'
import { toBadInput, type Row } from './row.ts'

const maps =
  (...more: string[]) =>
  (place: Place): string[] => [...mapsOf(place), ...more]
const target =
  (name: string, content: string | Uint8Array) =>
  (place: Place): string[] => [...mapsOf(place), '--target', place.put(name, content)]
const line =
  (...args: string[]) =>
  (): string[] =>
    args

const TARGETS: readonly Row[] = [
  [
    'fewer labels than inputs',
    target('labels.txt', '1\n2\n'),
    '2 labels in ',
    '3, one for each input',
    'belong to these inputs',
    { json: true },
  ],
  [
    'more labels than inputs',
    target('labels.npy', wholeNumbers([4], [1, 2, 0, 1])),
    '4 labels in ',
    '3, one for each',
    'belong',
  ],
  [
    'a label that the model lacks',
    target('labels.txt', '0\n99\n1\n'),
    'the label 99 of input 1',
    'a class from 0 to',
    'output for',
  ],
  [
    'a label below 0',
    target('labels.npy', wholeNumbers([3], [0, 1, -1])),
    'the label -1 of input 2',
    'a class from 0',
    'output for',
  ],
  [
    'a label that is no whole number',
    target('labels.csv', '0\n1.5\n1\n'),
    '"1.5" in line 2 of ',
    'a whole number',
    'Leave out titles',
  ],
  [
    'labels with a title',
    target('labels.csv', 'label\n0\n1\n1\n'),
    '"label" in line 1',
    'one label',
    'Leave out titles',
  ],
  [
    'labels with fractions',
    target('labels.npy', writeNpy({ dtype: 'float64', shape: [3], data: Float64Array.of(0, 0.5, 1) })),
    '0.5 at index 1',
    'whole numbers',
    'from whole numbers',
  ],
  [
    'labels in two columns',
    target('labels.npy', wholeNumbers([3, 2], [0, 1, 0, 1, 0, 1])),
    'shape [3, 2]',
    'labels of shape [N]',
    'one label',
  ],
  [
    'labels that are missing',
    maps('--target', 'none.txt'),
    'no readable file none.txt',
    "'predicted' or a file of labels",
    'Check',
  ],
  ['a class that the model lacks', maps('--target', '99'), '--target 99', 'a class from 0 to', 'output for'],
]

const METHODS: readonly Row[] = [
  [
    'an unknown method',
    maps('--methods', 'sa,gradcam'),
    "the method 'gradcam'",
    'dtd',
    'Correct the name',
    { json: true },
  ],
  ['no method', maps('--methods', ''), "the method ''", 'dtd', 'Correct the name'],
  [
    'an empty place between methods',
    maps('--methods', 'sa,,dtd'),
    "the method ''",
    'dtd',
    'Correct the name',
  ],
  [
    'alpha and beta that do not fit',
    maps('--methods', 'lrp_a2b2'),
    "lrp_a2b2'",
    'ALPHA - BETA = 1',
    'Correct',
  ],
  [
    'an option that a method lacks',
    maps('--methods', 'dtd:plain'),
    "'plain' at the end of the method 'dtd:plain'",
    'dtd, which has no options',
    'Leave it out',
  ],
]

const OPTIONS: readonly Row[] = [
  [
    'an unknown command',
    line('wrok'),
    "the unknown command 'wrok'",
    'one of init, data',
    'heatproof --help',
    { json: true },
  ],
  ['nearly a command', line('exprot'), "the unknown command 'exprot'", 'one of init', 'Did you mean export?'],
  [
    'an unknown option',
    line('verify', 'set', '--fast'),
    'the unknown option --fast',
    'an option of this command',
    'heatproof verify --help',
    { json: true },
  ],
  [
    'nearly an option',
    line('verify', 'set', '--jsno'),
    'the unknown option --jsno',
    'an option',
    'Did you mean --json?',
  ],
  [
    'a missing option',
    line('maps', '--model', 'x'),
    'no --input <file>',
    'this option',
    'heatproof maps --help',
  ],
  [
    'a missing workspace option',
    line('score'),
    'no --workspace <file>',
    'this option',
    'heatproof score --help',
    { json: true },
  ],
  [
    'an option without its value',
    line('maps', '--model'),
    'nothing after --model',
    'a value',
    'heatproof maps --help',
  ],
  ['a missing argument', line('init'), 'no <file>', '<file> after the command', 'heatproof init --help'],
  [
    'an argument too many',
    line('init', 'a.heatproof', 'b.heatproof'),
    'the arguments a.heatproof, b.heatproof',
    '1 argument',
    'help',
  ],
  [
    'an unknown backend',
    maps('--backend', 'cuda'),
    '--backend cuda',
    'one of auto, tensorflow',
    'heatproof maps --help',
    { json: true },
  ],
  [
    'a number that is none',
    line('explain', '--workspace', 'x', '--count', 'many'),
    "--count 'many'",
    'a number',
    'Correct --count',
  ],
  [
    'an empty number',
    line('train', '--workspace', 'x', '--seed', ''),
    "--seed ''",
    'a number',
    'Correct --seed',
  ],
  [
    'a cap above 1',
    line('metrics', '--maps', 'x', '--marks', 'y', '--tau', '1.5'),
    "--tau '1.5'",
    'a number from 0 to 1',
    'Correct --tau',
  ],
  [
    'a port that is none',
    line('serve', '--workspace', 'x', '--port', '70000'),
    "--port '70000'",
    'from 0 to 65535',
    'Correct --port',
  ],
  [
    'a hash that is none',
    line('verify', 'set', '--manifest-sha256', 'abc'),
    '--manifest-sha256 abc',
    '64 hexadecimal digits',
    'Copy the hash',
  ],
  [
    'an address that is none',
    line('data', '--download', 'fashion-mnist', '--from', 'ftp://x', '--to', 'data'),
    "'ftp://x'",
    'http or https',
    'Leave it out',
  ],
]

const OUTPUTS: readonly Row[] = [
  [
    'a folder that holds maps already',
    (place) => {
      place.put('maps/sa.npy', 'older')
      return mapsOf(place)
    },
    /sa\.npy in .*maps already/,
    'without files of these names',
    '--force',
    { json: true },
  ],
  [
    'a folder that is a file',
    (place) => {
      place.put('maps', 'a file')
      return mapsOf(place)
    },
    /maps/,
    'a writable folder',
    'choose another folder',
    { exit: 1 },
  ],
]

export const ARGUMENTS: readonly BadInput[] = [...TARGETS, ...METHODS, ...OPTIONS, ...OUTPUTS].map(toBadInput)
