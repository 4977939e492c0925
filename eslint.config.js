import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import typescript from 'typescript-eslint'

/** Forbids imports of the given folders (regular expressions on the import path) from the given files. */
function forbid(files, patterns, extra = []) {
  return {
    files,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: patterns.map(([regex, message]) => ({ regex, message })),
          paths: extra,
        },
      ],
    },
  }
}

const ELECTRON = ['^electron(/|$)', 'Only src/main and src/preload may import electron.']
const RENDERER = ['/renderer/', 'Imports go one way: renderer → shared ← engine.']
const ENGINE = ['/engine/', 'The renderer and shared code talk to the engine through the contract only.']
const HOSTS = ['/hosts/', 'Nothing imports a host, except main its child launcher.']
const MAIN = ['/(main|preload)/', 'Nothing imports the Electron shell.']
const NODE = ['^node:', 'This folder runs in a browser too: no Node.']
const STORE = [
  'better-sqlite3|/workspace/|/jobs/|/api/|fastify',
  'Models, explainers and metrics know nothing of storage, jobs or HTTP.',
]
const APPLICATION = ['/(api|jobs)/', 'Domains do not import the layers above them.']

export default typescript.config(
  { ignores: ['out', 'node_modules', 'test-results', 'resources', 'dist', '**/*.as.ts'] },
  js.configs.recommended,
  ...typescript.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js', 'scripts/*.mjs'] },
        extraFileExtensions: ['.svelte'],
        tsconfigRootDir: import.meta.dirname,
      },
      globals: globals.node,
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-console': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: typescript.parser }, globals: globals.browser },
  },
  {
    // ESLint does not know the types of imported components, and takes them for any; svelte-check knows and checks them.
    files: ['**/*.svelte'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  { files: ['**/*.js', '**/*.mjs'], ...typescript.configs.disableTypeChecked },
  forbid(['src/shared/**'], [ELECTRON, RENDERER, ENGINE, HOSTS, MAIN, NODE]),
  forbid(['src/charts/**'], [ELECTRON, RENDERER, ENGINE, HOSTS, MAIN, NODE]),
  forbid(['src/renderer/**'], [ELECTRON, ENGINE, HOSTS, MAIN, NODE]),
  forbid(['src/engine/**'], [ELECTRON, RENDERER, HOSTS, MAIN]),
  forbid(
    ['src/engine/{data,exchange,review,groups,compare,calibration,compute,workspace}/**'],
    [ELECTRON, RENDERER, HOSTS, MAIN, APPLICATION],
  ),
  forbid(['src/engine/{models,explainers,metrics}/**'], [ELECTRON, RENDERER, HOSTS, MAIN, STORE]),
  forbid(['src/hosts/**'], [ELECTRON, RENDERER, MAIN]),
  forbid(['src/preload/**'], [RENDERER, ENGINE, HOSTS, NODE]),
  prettier,
)
