import { isIP } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';

/** When the certificate that a host shows ends, in milliseconds since 1970. Rejects when it shows none. */
export function certificateEnd(host: string, port: number, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(optionsOf(host, port), () => {
      const endsAt = Date.parse(socket.getPeerCertificate().valid_to);
      socket.destroy();
      if (Number.isNaN(endsAt)) reject(new Error('the certificate does not say when it ends'));
      else resolve(endsAt);
    });
    // The one time-out that there is: a host may take the connection and say nothing.
    const giveUp = (): void => void socket.destroy(new Error('no certificate within the deadline'));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    socket.on('error', reject);
    socket.once('close', () => {
      signal.removeEventListener('abort', giveUp);
      // Without effect when one of the two has spoken.
      reject(new Error('the connection ended before a certificate was shown'));
    });
  });
}

function optionsOf(host: string, port: number): ConnectionOptions {
  // One that has ended or is signed by ourselves must be read all the same; nothing is sent over this connection.
  const options = { host, port, rejectUnauthorized: false };
  // RFC 6066, section 3: a literal address is no server name.
  return isIP(host) === 0 ? { ...options, servername: host } : options;
}
