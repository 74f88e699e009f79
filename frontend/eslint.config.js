/** House law for the frontend: no `any`, hooks in order, files of one subject, short functions. */
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const LIVE = ['src/chat/live/**/*.ts', 'src/files/upload/**/*.ts', 'src/files/grants/**/*.ts'];

export default tseslint.config(
  { ignores: ['dist', 'dist-live', 'node_modules', 'src/gql/tenant', 'src/gql/platform', 'e2e/shots'] },
  ...tseslint.configs.strict,
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { 'react-hooks': hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      // No compiler runs over this code; its memoization is written by hand.
      'react-hooks/preserve-manual-memoization': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-invalid-void-type': 'off',
      'max-lines': ['error', { max: 600, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 5],
      'no-console': 'error',
      'no-warning-comments': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.test.{ts,tsx}', 'e2e/**', 'src/testing/**', 'tools/**'],
    rules: {
      'max-lines-per-function': 'off',
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: LIVE,
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': ['error', { paths: ['react', 'react-dom'] }],
      'no-restricted-globals': [
        'error', 'window', 'document', 'fetch', 'WebSocket', 'indexedDB', 'localStorage',
        'setTimeout', 'clearTimeout', 'navigator', 'crypto',
      ],
    },
  },
);
