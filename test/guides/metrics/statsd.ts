import { createSocket } from 'node:dgram';
import type { Metrics } from 'express-runbook';

/** Sends every counter and gauge as a gauge in the DogStatsD format; ends with the returned function. */
export function sendToStatsd(metrics: Metrics, host: string, port: number, everyMs = 10_000): () => void {
  const socket = createSocket('udp4').unref();
  // Telemetry never fails the service: a packet that cannot be sent is lost.
  socket.on('error', () => undefined);
  const send = async (): Promise<void> => {
    for (const { name, type, values } of await metrics.registry.getMetricsAsJSON()) {
      if (String(type) === 'histogram') continue;
      for (const { value, labels } of values) {
        const tags = Object.entries(labels).map(([label, text]) => `${label}:${text}`);
        socket.send(`${name}:${value}|g${tags.length > 0 ? `|#${tags.join()}` : ''}`, port, host);
      }
    }
  };
  const timer = setInterval(() => void send().catch(() => undefined), everyMs).unref();
  return () => {
    clearInterval(timer);
    socket.close();
  };
}
