import { check } from '../doctor-check.js';
import { ok, skip, warn } from '../finding.js';
import { sourcesIn } from '../repository/sources.js';

const VALIDATORS =
  /^(?:zod|joi|@hapi\/joi|ajv|yup|valibot|superstruct|io-ts|runtypes|@sinclair\/typebox|typebox|class-validator|express-validator|express-openapi-validator|@effect\/schema|arktype)$/;

export const securityValidation = check({
  id: 'security.validation',
  title: 'checklist 3: what clients send is validated',
  needs: ['repository'],
  async run({ repository }) {
    const text = await repository.text('package.json');
    if (text === undefined) return skip('there is no package.json');
    const { dependencies = {} } = JSON.parse(text) as { dependencies?: Record<string, string> };
    const validators = Object.keys(dependencies).filter((name) => VALIDATORS.test(name));
    const sources = await sourcesIn(repository);
    const used = validators.filter((name) => sources.some((source) => isImported(name, source.text)));
    if (used.length > 0) return ok(`${used.join(', ')} validates`);
    const cure = 'a schema for every body, query and id, e.g. with zod; what no schema names is not taken';
    return warn('no library that validates is imported by the sources', cure);
  },
});

function isImported(name: string, text: string): boolean {
  return text.includes(`'${name}'`) || text.includes(`"${name}"`);
}
