import { Document, Scalar, visit } from 'yaml';

/** Line ends to YAML 1.1, which Go's parser follows, and not to YAML 1.2, which this serialiser writes. */
const ODD_LINE_ENDS = /[\u0085\u2028\u2029]/g;

/** A document of YAML. Long texts stay on one line: whoever searches for a metric finds the whole expression. */
export function yamlText(content: object): string {
  const document = new Document(content, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && node.value.search(ODD_LINE_ENDS) >= 0) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const text = document.toString({ lineWidth: 0 });
  // They stand in double quotes only, where an escape means them.
  return text.replace(ODD_LINE_ENDS, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
