import { check } from '../doctor-check.js';
import { fail, ok, type Finding } from '../finding.js';
import type { Service } from '../service/service.js';
import { PROBES } from '../service/probe-names.js';

const CURE = 'app.use(ops.before), or createHealthRouter(), in front of every page and route that answers all paths';

export const probesType = check({
  id: 'probes.type',
  title: 'whether probes answer in JSON, with and without a query',
  needs: ['service'],
  async run({ service }) {
    const paths = Object.values(PROBES).flatMap((path) => [path, `${path}?doctor=1`]);
    const found = (await Promise.all(paths.map((path) => problemOf(path, service)))).flat();
    return found.length > 0 ? found : ok('every probe answers in JSON, with and without a query');
  },
});

/** A page that answers every path with 200 makes every probe a pass. */
async function problemOf(path: string, service: Service): Promise<Finding[]> {
  const { status, headers, body } = await service.ask(path);
  if (status !== 200 && status !== 503) return [fail(`${path} answers ${status}, not 200 or 503`, CURE)];
  const type = headers['content-type'] ?? 'no type';
  const isJson = /^application\/(?:[\w.-]+\+)?json\b/.test(type) && isObject(body);
  return isJson ? [] : [fail(`${path} answers ${type}, which no probe of ours is: another route takes it`, CURE)];
}

function isObject(body: string): boolean {
  try {
    const value = JSON.parse(body) as unknown;
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}
