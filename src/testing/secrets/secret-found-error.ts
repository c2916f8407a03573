/** Thrown by `expectNoSecrets`. Says where which kind of secret stands, never the secret. */
export class SecretFoundError extends Error {
  override readonly name = 'SecretFoundError';
  /** Stable, for programs. */
  readonly code = 'ERR_SECRET_FOUND';
}
