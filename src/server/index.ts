export { createHttpServer, type HttpApp } from './http-server.js';
export { HTTP_SERVER_DEFAULTS, type HttpServerOptions } from './options.js';
