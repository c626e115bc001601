import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

const taskLibOnlyInAgent = {
  group: ['azure-pipelines-task-lib', 'azure-pipelines-task-lib/*'],
  message:
    'Only tasks/shared/agent/agent.ts may import the task library: take a port of tasks/shared/ports.ts instead.',
};
const identityOnlyInCredential = {
  group: ['@azure/identity'],
  message: 'Only tasks/shared/sign-in/credential.ts may import @azure/identity.',
};
const noSdk = {
  group: ['@azure/*'],
  message: 'The core knows no SDK: take a port, and let an adapter implement it.',
};
const noPlatform = {
  group: ['fs', 'net', 'tls', 'http', 'https', 'os', 'dns', 'child_process', 'process'].flatMap((name) => [
    `node:${name}`,
    `node:${name}/*`,
  ]),
  message: 'The core touches neither files nor network nor process: take a port.',
};
const adaptersOnlyInWiring = {
  group: ['**/adapters/**'],
  message: 'Only wiring.ts imports adapters/.',
};
const sharedAdaptersOnlyInWiring = {
  regex: '/(agent|http|sign-in)/(?!cloud$|proxy$)[^/]+$',
  allowTypeImports: true,
  message: 'The core takes only types from shared/agent, shared/http and shared/sign-in: wiring.ts connects the rest.',
};
const otherTask = (folder) => ({ group: [`**/${folder}/**`], message: 'The two tasks never import each other.' });
const noTasks = {
  group: ['**/keyvault-secrets/**', '**/keyvault-agent-access/**'],
  message: 'shared/ imports no task.',
};
const restrict = (...patterns) => ({ '@typescript-eslint/no-restricted-imports': ['error', { patterns }] });

const clientsOnlyComposedInOnePlace = {
  regex: '/http/[^/]+$',
  importNamePattern: '^(with[A-Z]|onlyHost$)',
  message: 'Only tasks/shared/http/clients.ts says which layers a request goes through.',
};

const everywhere = [taskLibOnlyInAgent, identityOnlyInCredential, clientsOnlyComposedInOnePlace];
const core = [...everywhere, noSdk, noPlatform, adaptersOnlyInWiring, sharedAdaptersOnlyInWiring];
const noProcess = {
  'no-restricted-globals': ['error', { name: 'process', message: 'The core knows no process: take a port.' }],
};

/** Each folder says who may import it, see CONTRIBUTING.md. The last block that fits a file holds. */
const rulesOfTask = (folder, other) => [
  { files: [`tasks/${folder}/**/*.ts`], rules: { ...restrict(...core, otherTask(other)), ...noProcess } },
  {
    files: [
      `tasks/${folder}/adapters/**/*.ts`,
      `tasks/${folder}/{main,prejob,postjob,wiring}.ts`,
      `tasks/${folder}/*/wiring.ts`,
    ],
    rules: { ...restrict(...everywhere, otherTask(other)), 'no-restricted-globals': 'off' },
  },
  {
    files: [`tasks/${folder}/adapters/**/*.ts`, `tasks/${folder}/{main,prejob,postjob}.ts`],
    rules: restrict(...everywhere, otherTask(other), adaptersOnlyInWiring),
  },
];
const rulesOfShared = [
  { files: ['tasks/shared/**/*.ts'], rules: { ...restrict(...core, noTasks), ...noProcess } },
  {
    files: ['tasks/shared/{agent,http,sign-in}/**/*.ts', 'tasks/shared/{clock,wiring}.ts'],
    rules: { ...restrict(...everywhere, noTasks), 'no-restricted-globals': 'off' },
  },
  {
    files: ['tasks/shared/agent/agent.ts'],
    rules: restrict(identityOnlyInCredential, clientsOnlyComposedInOnePlace, noTasks),
  },
  {
    files: ['tasks/shared/sign-in/credential.ts'],
    rules: restrict(taskLibOnlyInAgent, clientsOnlyComposedInOnePlace, noTasks),
  },
];

/** Two words in a row. */
const twoWords = `[A-Za-z]{2,}[,;:.)'"]* ['"(]*[a-z]{2,}`;
/** A word between the values of a template. */
const loneWord = '(^| )[a-z]{2,}[,;:]? $|^ [a-z]{3,}';
/** Neither regular expressions nor commands of the Azure CLI are sentences, though some look like one. */
const isNoPattern = ':not(NewExpression[callee.name="RegExp"] *)';
const isNoCommand = '^(?!az )';
const sentences = [
  `Literal${isNoPattern}[value=/${isNoCommand}.*${twoWords}/s]`,
  `TemplateElement${isNoPattern}[value.cooked=/${isNoCommand}.*(${twoWords}|${loneWord})/s]`,
].map((selector) => ({
  selector,
  message: 'What users read belongs in messages/, ready for translation: name it there and use it here.',
}));
/** Where sentences belong, the catalog of faults included, and a list of words that is no sentence. */
const withSentences = [
  'tasks/*/messages/**',
  'tasks/shared/errors/**',
  'tasks/keyvault-secrets/masks/harmless-text.ts',
];

export default tseslint.config(
  { ignores: ['**/dist/**', 'out/**', 'coverage/**', '**/node_modules/**'] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'max-lines': ['error', { max: 180, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 45, skipBlankLines: true, skipComments: true }],
    },
  },
  ...rulesOfTask('keyvault-secrets', 'keyvault-agent-access'),
  ...rulesOfTask('keyvault-agent-access', 'keyvault-secrets'),
  ...rulesOfShared,
  {
    files: ['tasks/**/*.ts'],
    ignores: withSentences,
    rules: { 'no-restricted-syntax': ['error', ...sentences] },
  },
  {
    files: ['test/**/*.ts', 'simulation/**/*.test.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': ['error', { max: 400 }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
  { files: ['simulation/**/*.ts'], ignores: ['**/*.test.ts'], rules: { 'max-lines': ['error', { max: 200 }] } },
  { files: ['**/*.mjs', '**/*.cjs'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['**/*.cjs'],
    languageOptions: { globals: { require: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
