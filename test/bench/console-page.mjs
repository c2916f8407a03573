// An open page of the ops console: reads what it is told, and ends with the process that started it.
import { get } from 'node:http';

const [port] = process.argv.slice(2);
for (const path of ['/ops/events', '/ops/log']) {
  get({ port, host: '127.0.0.1', path }, (res) => {
    if (res.statusCode !== 200) throw new Error(`${path} answered ${res.statusCode}`);
    res.resume();
  });
}
process.on('disconnect', () => process.exit(0));
