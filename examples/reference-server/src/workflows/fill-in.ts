const PLACEHOLDER = /\{\{\s*([\w.]+)\s*\}\}/g;

/** The template with what the payload has for each `{{path.to.value}}`; throws for a value that is not there or is no text or number. */
export function fillIn(template: string, payload: Readonly<Record<string, unknown>>): string {
  return template.replace(PLACEHOLDER, (_all, path: string) => {
    const value = path.split('.').reduce<unknown>(memberOf, payload);
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    throw new Error(`the payload has no text or number as ${path}`);
  });
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
