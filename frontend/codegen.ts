/** Types and document strings out of the checked-in schemas: `npm run codegen`. */
import type { CodegenConfig } from '@graphql-codegen/cli';
import { platformSchema, tenantSchema } from './tools/schema.ts';

const config = {
  documentMode: 'string',
  enumType: 'string-literal',
  enumsAsTypes: true,
  useTypeImports: true,
  skipTypename: true,
  defaultScalarType: 'unknown',
  strictScalars: true,
  scalars: { DateTime: 'string', Int53: 'number', ID: { input: 'string', output: 'string' } },
};
const plugins = ['typescript-operations', 'typed-document-node'];
const PROBLEM = 'src/gql/problem.graphql';
const FILES = 'src/files/files.graphql';

const codegen: CodegenConfig = {
  overwrite: true,
  generates: {
    'src/gql/tenant/session.ts': {
      schema: tenantSchema(), documents: [PROBLEM, 'src/session/*.graphql'], plugins, config,
    },
    'src/gql/tenant/files.ts': {
      schema: tenantSchema(), documents: [PROBLEM, FILES], plugins, config,
    },
    'src/gql/tenant/chat.ts': {
      schema: tenantSchema(), documents: [PROBLEM, FILES, 'src/chat/**/*.graphql'], plugins, config,
    },
    'src/gql/tenant/console.ts': {
      schema: tenantSchema(), documents: [PROBLEM, 'src/admin/**/*.graphql'], plugins, config,
    },
    'src/gql/platform/platform.ts': {
      schema: platformSchema(), documents: [PROBLEM, 'src/platform/**/*.graphql'], plugins, config,
    },
  },
};

export default codegen;
