import { isIP } from 'node:net';
import { connect } from 'node:tls';

/** Why a client refuses the certificate of this host, by its code; nothing when it takes it. Rejects when nobody answers. */
export function trustProblem(host: string, port: number, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const name = isIP(host) === 0 ? { servername: host } : {};
    const socket = connect({ host, port, rejectUnauthorized: false, ...name }, () => {
      // Its type is Error; what is there is the code.
      const problem = socket.authorized ? undefined : String(socket.authorizationError);
      socket.destroy();
      resolve(problem);
    });
    signal.addEventListener('abort', () => void socket.destroy(new Error('no certificate within the deadline')), {
      once: true,
    });
    socket.on('error', reject);
  });
}
