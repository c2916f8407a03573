/** What a service answered, with its whole body. */
export interface ServiceAnswer {
  /** The `name` of the client that it came by: not the one that was asked when a fallback answered. */
  readonly service: string;
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  /** The body as UTF-8. */
  text(): string;
  /** The body as JSON; throws `SyntaxError` when it is none, so call it in `read`. */
  json(): unknown;
}

export function serviceAnswer(service: string, response: Response, bytes: Uint8Array): ServiceAnswer {
  const text = (): string => new TextDecoder().decode(bytes);
  return {
    service,
    status: response.status,
    headers: response.headers,
    bytes,
    text,
    json: () => parsed(text()),
  };
}

/** The engine's own message quotes the text, which may be what nobody may read in a log. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new SyntaxError(`the body is not JSON (${String(text.length)} characters)`);
  }
}
