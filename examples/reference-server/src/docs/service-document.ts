import { apiPathOf } from '../api-path.js';
import { hasLanguage } from '../language/operations.js';
import { packageVersion } from '../root.js';
import type { Settings } from '../settings.js';
import { openApiDocument, type OpenApiDocument } from './openapi.js';

/** The document of the service that these settings make: it has the routes that are mounted, and no other. */
export function documentOf({ config, profile }: Settings): OpenApiDocument {
  return openApiDocument({
    title: profile.service,
    version: packageVersion(),
    apiPath: apiPathOf(config),
    hasLanguage: hasLanguage(config),
    hasGoogle: config.auth.google !== undefined,
  });
}
