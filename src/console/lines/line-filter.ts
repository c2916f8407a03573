import type { KeptLine } from './line-ring.js';
import { levelNumber, lineView } from './line-view.js';

/** Which lines somebody wants to see. */
export interface LineFilter {
  /** The least important level. */
  readonly level: number;
  /** Of the request, or of the transaction it is part of. */
  readonly id: string;
  /** Anywhere in the line, in any case. */
  readonly text: string;
}

/** Longer is no id and no word of a line. */
const MAX_TEXT = 200;

export function filterIn(query: URLSearchParams): LineFilter {
  const said = (name: string): string => (query.get(name) ?? '').trim().slice(0, MAX_TEXT);
  return { level: levelNumber(said('level')), id: said('id'), text: said('text') };
}

/** Asked at every line while a log is open: a comparison, and a search in the text where there is something to be found. */
export function lineTest({ level, id, text }: LineFilter): (line: KeptLine) => boolean {
  const found = text === '' ? undefined : new RegExp(escaped(jsonOf(text)), 'i');
  const idText = jsonOf(id);
  return (line) => {
    if (line.level < level) return false;
    if (id !== '' && !(line.text.includes(idText) && hasId(line, id))) return false;
    return found === undefined || found.test(line.text);
  };
}

/** Not only somewhere in the line: a request may be told of by another. */
function hasId(line: KeptLine, id: string): boolean {
  const { requestId, correlationId, fields } = lineView(line);
  return requestId === id || correlationId === id || fields.trace_id === id;
}

/** As it stands in a line. */
function jsonOf(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
