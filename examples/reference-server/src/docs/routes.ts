import { Router, type RequestHandler } from 'express';
import { securityHeaders } from 'express-runbook';
// Not the package itself, which runs the whole page to say where it is.
import getAbsoluteFSPath from 'swagger-ui-dist/absolute-path.js';
import type { OpenApiDocument } from './openapi.js';

const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><title>API documentation</title><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/api-docs/favicon-32x32.png"><link rel="stylesheet" href="/api-docs/swagger-ui.css">
</head>
<body><div id="swagger-ui"></div><script src="/api-docs/swagger-ui-bundle.js"></script><script src="/api-docs/start.js"></script></body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/api-docs/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });\n`;

/** The OpenAPI document and its page, from files of this server alone. */
export function docsRoutes(document: OpenApiDocument): Router {
  const router = Router();
  router.use(pageHeaders());
  router.get('/', (_req, res) => {
    res.type('html').send(PAGE);
  });
  router.get('/start.js', (_req, res) => {
    res.type('js').send(START);
  });
  router.get('/openapi.json', (_req, res) => {
    res.json(document);
  });
  const folder = getAbsoluteFSPath();
  for (const asset of ASSETS) {
    router.get(`/${asset}`, (_req, res) => {
      res.sendFile(asset, { root: folder, maxAge: '1d' });
    });
  }
  return router;
}

/** Swagger UI styles its elements inline and draws icons from data URLs; all else stays at home. */
function pageHeaders(): RequestHandler {
  return securityHeaders({
    preset: 'page',
    helmet: {
      contentSecurityPolicy: { directives: { styleSrc: ["'self'", "'unsafe-inline'"], imgSrc: ["'self'", 'data:'] } },
    },
  });
}
