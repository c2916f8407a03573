import { expect, it } from 'vitest';
import { bin } from './cli.js';
import { useFolder } from './fixtures.js';

const folder = useFolder();

it('the program ends although a file of the repository that it has loaded keeps something open (T-01)', async () => {
  await folder.write({ 'ecosystem.config.cjs': 'setInterval(() => undefined, 1000); module.exports = { apps: [] };' });
  const { exitCode, stdout } = await bin('', ['doctor', '--only', 'pm2', '--dotenv', 'none'], folder.path);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/0 failed/) as string });
});
