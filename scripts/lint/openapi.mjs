// Lints an OpenAPI document: openapi.mjs FOLDER-WITH-node_modules FILE; errors and warnings alike fail.
import { createRequire } from 'node:module';
import path from 'node:path';

const [folder, file] = process.argv.slice(2);
const require = createRequire(path.resolve(folder) + '/');
const { createConfig, formatProblems, getTotals, lint } = require('@redocly/openapi-core');

const config = await createConfig({
  extends: ['recommended'],
  rules: {
    // Health and metrics cannot fail by their caller's fault.
    'operation-4xx-response': 'off',
    'no-ambiguous-paths': 'error',
    'no-identical-paths': 'error',
    'no-invalid-media-type-examples': 'error',
    'no-invalid-parameter-examples': 'error',
    'no-invalid-schema-examples': 'error',
    'no-required-schema-properties-undefined': 'error',
    'operation-description': 'error',
    'operation-parameters-unique': 'error',
    'parameter-description': 'error',
    'path-not-include-query': 'error',
    'tag-description': 'error',
  },
});
// Another tracker gave this path its form; a literal segment goes before a variable one, as in `/c/postback`.
const given = '/{key}/postback';
const found = await lint({ ref: file, config });
const problems = found.filter((problem) => problem.ruleId !== 'no-ambiguous-paths' || !problem.message.includes(given));
formatProblems(problems, { format: 'codeframe', totals: getTotals(problems), maxProblems: 50 });
if (problems.length > 0) process.exitCode = 1;
