import { networks, origins } from '../kinds/addresses.js';
import { lifetimeSeconds, port } from '../kinds/numbers.js';
import { text } from '../kinds/words.js';
import { part, whole } from './variable.js';

const group = 'Access';
const secret = { kind: text('secret'), secret: 'all' } as const;

export const ACCESS_VARIABLES = {
  JWT_SECRET: whole('auth.jwtSecret', {
    group,
    ...secret,
    aliases: ['AUTH_SECRET'],
    description:
      'Key that signs access tokens, at least 32 characters in production: `openssl rand -base64 32` makes one.',
  }),
  JWT_SECRET_PREVIOUS: whole('auth.jwtSecretPrevious', {
    group,
    ...secret,
    aliases: ['AUTH_SECRET_PREVIOUS'],
    description: 'The key before the last rotation: tokens signed by it stay valid until they expire.',
  }),
  REFRESH_TOKEN_SECRET: whole('auth.refreshTokenSecret', {
    group,
    ...secret,
    description: 'Key that signs refresh tokens, at least 32 characters and another one than JWT_SECRET in production.',
  }),
  REFRESH_TOKEN_SECRET_PREVIOUS: whole('auth.refreshTokenSecretPrevious', {
    group,
    ...secret,
    description: 'The key of refresh tokens before the last rotation: what it signed can still be traded.',
  }),
  JWT_EXPIRES_IN: whole('auth.jwtExpiresInSeconds', {
    group,
    kind: lifetimeSeconds(),
    default: '7d',
    description: 'How long an access token is valid.',
  }),
  REFRESH_TOKEN_EXPIRES_IN: whole('auth.refreshTokenExpiresInSeconds', {
    group,
    kind: lifetimeSeconds(),
    default: '30d',
    description: 'How long a refresh token is valid.',
  }),
  GOOGLE_CLIENT_ID: part('auth.google.clientId', {
    group,
    kind: text(),
    description: 'OAuth client for sign-in with Google; there is none unless both GOOGLE_* are set.',
  }),
  GOOGLE_CLIENT_SECRET: part('auth.google.clientSecret', {
    group,
    ...secret,
    description: 'Secret of that OAuth client.',
  }),
  OPS_TOKEN: whole('ops.token', {
    group,
    ...secret,
    description: 'Whoever asks for API docs, ops console and dev routes must send it as `Authorization: Bearer`.',
  }),
  OPS_NETWORKS: whole('ops.networks', {
    group,
    kind: networks(),
    default: '',
    description: 'Addresses and CIDR ranges from which these may be asked; from everywhere when empty.',
  }),
  OPS_PORT: whole('ops.port', {
    group,
    kind: port(0),
    description: 'Port of its own on which these are served; the main port has none of them then.',
  }),
  CORS_ORIGINS: whole('cors.origins', {
    group,
    kind: origins(),
    default: '',
    description: 'Origins whose pages may call the API from a browser.',
  }),
};
