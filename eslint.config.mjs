import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** The modules that make a file an edge or an adapter: everything else in tasks/ is core and stays free of them. */
const libraries = {
  taskLib: 'azure-pipelines-task-lib',
  identity: '@azure/identity',
};
const taskLibOnlyInAgent = {
  group: [libraries.taskLib, `${libraries.taskLib}/*`],
  message: 'Only tasks/shared/agent.ts may import the task library: take a port of tasks/shared/host.ts instead.',
};
const identityOnlyInCredential = {
  group: [libraries.identity],
  message: 'Only tasks/shared/credential.ts may import @azure/identity.',
};
const sdkOnlyInAdapters = {
  group: ['@azure/keyvault-secrets', '@azure/arm-keyvault', '@azure/core-rest-pipeline', '@azure/core-auth'],
  message: 'The core knows no SDK: take a port, and let an azure-*.ts adapter implement it.',
};
const adaptersOnlyAtTheEdge = {
  regex: '/(azure-(vault|firewall|door)|agent|clock|credential|transport|http-client|oidc|run-phase|wiring)$',
  message: 'Only a phase file (main, prejob, postjob) or its wiring may import an adapter.',
};
const otherTask = (folder) => ({ group: [`**/${folder}/**`], message: 'The two tasks never import each other.' });
const noTasks = {
  group: ['**/keyvault-secrets/**', '**/keyvault-agent-access/**'],
  message: 'shared/ imports no task.',
};
const restrict = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

const core = [taskLibOnlyInAgent, identityOnlyInCredential, sdkOnlyInAdapters, adaptersOnlyAtTheEdge];
const adapter = [taskLibOnlyInAgent, identityOnlyInCredential];

const edge = ['main', 'prejob', 'postjob', 'wiring'];
const rulesOfTask = (folder, other) => [
  { files: [`tasks/${folder}/**/*.ts`], rules: restrict(...core, otherTask(other)) },
  {
    files: [`tasks/${folder}/azure-*.ts`, ...edge.map((name) => `tasks/${folder}/${name}.ts`)],
    rules: restrict(...adapter, otherTask(other)),
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
  message: 'What users read stands in messages/, ready for translation: name it there and use it here.',
}));
/** Where sentences belong, the catalogue of faults included, and a list of words that is no sentence. */
const withSentences = ['tasks/*/messages/**', 'tasks/shared/explain*.ts', 'tasks/keyvault-secrets/harmless-text.ts'];

export default tseslint.config(
  { ignores: ['**/dist/**', 'out/**', 'coverage/**', '**/node_modules/**'] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.mjs', 'scripts/*.mjs'] },
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
  { files: ['tasks/shared/**/*.ts'], rules: restrict(...core, noTasks) },
  {
    files: ['tasks/shared/{transport,http-client,oidc,azure-*,run-phase,wiring}.ts'],
    rules: restrict(...adapter, noTasks),
  },
  { files: ['tasks/shared/agent.ts'], rules: restrict(identityOnlyInCredential, noTasks) },
  { files: ['tasks/shared/credential.ts'], rules: restrict(taskLibOnlyInAgent, noTasks) },
  {
    files: ['tasks/**/*.ts'],
    ignores: withSentences,
    rules: { 'no-restricted-syntax': ['error', ...sentences] },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': ['error', { max: 400 }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
  { files: ['**/*.mjs', '**/*.cjs'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['**/*.cjs'],
    languageOptions: { globals: { require: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
