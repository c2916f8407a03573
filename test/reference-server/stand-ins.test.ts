import { expect, it } from 'vitest';
import { parsedAnswer, rawExchange } from '../support/raw-exchange.js';
import { startModel } from '../support/stand-ins.js';

it.each(['//', 'http://a:99999/'])('a stand-in answers 400 to the address %s and goes on', async (address) => {
  const model = await startModel();
  const port = Number(new URL(model.url).port);
  const answer = await rawExchange(port, `GET ${address} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  expect(parsedAnswer(answer)).toMatchObject({
    status: 400,
    body: expect.stringContaining('no such address') as string,
  });
  expect((await fetch(`${model.url}/v1/models`, { headers: { Authorization: 'Bearer a-key' } })).status).toBe(200);
  await model.close();
});
