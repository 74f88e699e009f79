/** Types and document strings out of the checked-in schemas: `npm run codegen`. */
import type { CodegenConfig } from '@graphql-codegen/cli';
import { platformSchema, tenantSchema } from './tools/platform-schema.ts';

const config = {
  documentMode: 'string',
  enumType: 'string-literal',
  enumsAsTypes: true,
  useTypeImports: true,
  skipTypename: true,
  defaultScalarType: 'unknown',
  strictScalars: true,
  scalars: { DateTime: 'string', ID: { input: 'string', output: 'string' } },
};
const plugins = ['typescript-operations', 'typed-document-node'];
const SESSION = 'src/session/*.graphql';

const codegen: CodegenConfig = {
  overwrite: true,
  generates: {
    'src/gql/tenant/schema.ts': { schema: tenantSchema(), plugins: ['typescript'], config },
    'src/gql/tenant/chat.ts': {
      schema: tenantSchema(), documents: [SESSION, 'src/chat/**/*.graphql'], plugins, config,
    },
    'src/gql/tenant/console.ts': {
      schema: tenantSchema(), documents: [SESSION, 'src/admin/**/*.graphql'], plugins, config,
    },
    'src/gql/platform/platform.ts': {
      schema: platformSchema(), documents: 'src/platform/**/*.graphql', plugins, config,
    },
  },
};

export default codegen;
