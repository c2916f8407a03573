// One variant in a process of its own: says its port, then what it has cost whenever it is asked.
import { once } from 'node:events';

const [module, name, checkout] = process.argv.slice(2);
const variants = await import(`./servers/${module}.mjs`);
const server = await variants[name](checkout);
if (!server.listening) await once(server, 'listening');

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send({ cpuMicros: user + system });
});
process.on('disconnect', () => process.exit(0));
process.send({ port: server.address().port });
