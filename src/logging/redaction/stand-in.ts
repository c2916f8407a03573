import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { types } from 'node:util';

/** What a line shows instead of an object whose own fields say too little or far too much; nothing: its own fields. */
export function stoodFor(value: object): { readonly value: unknown } | undefined {
  if (types.isMap(value)) return { value: ofMap(value) };
  if (types.isSet(value)) return { value: [...take(value, 1_000)] };
  if (types.isDate(value)) return { value: Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString() };
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) {
    return { value: `[${value.constructor.name}, ${value.byteLength} bytes]` };
  }
  if (isRequest(value)) return { value: { method: value.method, url: value.url } };
  if (isResponse(value)) return { value: { statusCode: value.statusCode } };
  // Sockets, pools, streams: a graph of half the process, credentials included.
  if (value instanceof EventEmitter) return { value: `[${value.constructor.name}]` };
  // Without the escapes, which would hide the shape of a secret.
  if (types.isRegExp(value)) return { value: String(value).replace(/\\(?=[^\w\s])/g, '') };
  if (types.isBoxedPrimitive(value)) return { value: String(value) };
  if (types.isPromise(value) || types.isWeakMap(value) || types.isWeakSet(value) || types.isGeneratorObject(value)) {
    return { value: Object.prototype.toString.call(value) };
  }
  return ofToJson(value);
}

/** An incoming or an outgoing HTTP request, by what both have. */
function isRequest(value: object): value is IncomingMessage {
  const { method, headers, socket } = value as Partial<IncomingMessage>;
  return Boolean(method) && Boolean(headers) && Boolean(socket);
}

function isResponse(value: object): value is ServerResponse {
  return typeof (value as Partial<ServerResponse>).setHeader === 'function' && 'statusCode' in value;
}

function ofMap(map: ReadonlyMap<unknown, unknown>): Record<string, unknown> {
  const entries = [...take(map, 1_000)].map(([key, value]): [string, unknown] => [
    typeof key === 'object' && key !== null ? '[object]' : String(key),
    value,
  ]);
  return Object.fromEntries(entries);
}

function* take<T>(items: Iterable<T>, limit: number): Generator<T> {
  let taken = 0;
  for (const item of items) {
    if (taken++ >= limit) return;
    yield item;
  }
}

function ofToJson(value: object): { readonly value: unknown } | undefined {
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON !== 'function') return undefined;
  // `toJSON` may give back its own object, which then stands for itself.
  return { value: toJSON.call(value, '') as unknown };
}
