import { isTimeMs } from '../core/checks.js';
import { ConfigError } from '../core/config-error.js';
import { resolveOptions, type Resolved } from '../core/options.js';

export interface HttpServerOptions {
  /**
   * Milliseconds an idle keep-alive connection stays open. Longer than the 60 s of the usual load balancer, so that it is
   * the balancer that closes: the other way round its next request meets a closed connection and becomes a 502. 0: for ever.
   * @default 65000
   */
  keepAliveTimeoutMs?: number;
  /**
   * Milliseconds a client has for the header block of a request. 0: no limit.
   * @default one second above `keepAliveTimeoutMs`, at least Node's 60 s, at most `requestTimeoutMs`
   */
  headersTimeoutMs?: number;
  /**
   * Milliseconds a client has to send a whole request, body included. 0: no limit.
   * @default 300000
   */
  requestTimeoutMs?: number;
}

export const HTTP_SERVER_DEFAULTS = Object.freeze({
  keepAliveTimeoutMs: 65_000,
  requestTimeoutMs: 300_000,
});

type Said = Resolved<HttpServerOptions, typeof HTTP_SERVER_DEFAULTS>;

export type HttpServerSettings = Required<Said>;

export function resolveHttpServerOptions(options?: HttpServerOptions): HttpServerSettings {
  const said = resolveOptions('httpServer', options, HTTP_SERVER_DEFAULTS, {
    keepAliveTimeoutMs: isTimeMs(0),
    headersTimeoutMs: isTimeMs(0),
    requestTimeoutMs: isTimeMs(0),
  });
  const headersTimeoutMs = said.headersTimeoutMs ?? fittingHeadersTimeoutMs(said);
  // Node refuses it too, at listen time and without naming the option.
  if (said.requestTimeoutMs > 0 && headersTimeoutMs > said.requestTimeoutMs) {
    throw new ConfigError(
      'ERR_OPTION_CONFLICT',
      'httpServer.headersTimeoutMs',
      `(${headersTimeoutMs}) must not be above requestTimeoutMs (${said.requestTimeoutMs}), which includes the headers`,
    );
  }
  return { ...said, headersTimeoutMs };
}

function fittingHeadersTimeoutMs({ keepAliveTimeoutMs, requestTimeoutMs }: Said): number {
  const aboveKeepAlive = Math.max(60_000, keepAliveTimeoutMs + 1_000);
  return requestTimeoutMs === 0 ? aboveKeepAlive : Math.min(aboveKeepAlive, requestTimeoutMs);
}
