import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger } from 'express-runbook';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { newFolder } from '../logging/recorded.js';
import { requireTool } from '../support/real-tools.js';
import { REFERENCE_SERVER } from '../support/reference-server.js';

const read = (path: string): string => readFileSync(join(REFERENCE_SERVER, 'deploy/logs', path), 'utf8');
const jq = requireTool('jq');

/** Sections of an .ini file. */
function sectionsOf(text: string): Record<string, Record<string, string>> {
  const sections: Record<string, Record<string, string>> = {};
  let current: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const name = /^\[(.*)\]$/.exec(line)?.[1];
    if (name !== undefined) current = sections[name] = {};
    const [, key, value] = /^(\w+) = (.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) current[key] = value;
  }
  return sections;
}

describe('the settings of log shippers', () => {
  it('are those of the guide for Filebeat (LOG-77)', () => {
    expect(parse(read('filebeat.yml'))).toEqual({
      'filebeat.inputs': [
        {
          type: 'log',
          paths: ['/var/log/builder-api/*.log'],
          'json.keys_under_root': true,
          'json.add_error_key': true,
        },
      ],
      'output.elasticsearch': { hosts: ['elasticsearch:9200'], index: 'builder-api-%{+yyyy.MM.dd}' },
      'setup.template.name': 'builder-api',
      'setup.template.pattern': 'builder-api-*',
      'setup.ilm.enabled': false,
    });
  });

  it('are those of the guides for Datadog (LOG-78)', () => {
    const { logs } = parse(read('datadog.yaml')) as { logs: { tags: string[] }[] };
    expect(logs).toMatchObject([
      {
        type: 'file',
        path: '/var/log/builder-api/*.log',
        service: 'builder-api',
        source: 'nodejs',
        sourcecategory: 'sourcecode',
      },
    ]);
    expect(logs[0]?.tags.map((tag) => tag.split(':')[0])).toEqual(['env', 'service', 'client_id']);
  });

  it('are those of the guide for Splunk (LOG-79)', () => {
    expect(sectionsOf(read('splunk-inputs.conf'))).toEqual({
      'monitor:///var/log/builder-api/*.log': { sourcetype: '_json', index: 'builder-api' },
    });
  });

  it('are those of the guide for CloudWatch (LOG-80)', () => {
    expect(sectionsOf(read('cloudwatch-awslogs.conf'))).toMatchObject({
      '/var/log/builder-api/app.log': {
        file: '/var/log/builder-api/app.log',
        datetime_format: '%Y-%m-%dT%H:%M:%S',
        buffer_duration: '5000',
        log_stream_name: '{instance_id}',
        initial_position: 'start_of_file',
        log_group_name: '/aws/builder-api',
      },
    });
  });

  it('are those of the guide for Elasticsearch, Kibana and Logstash, on this machine alone (LOG-81, CFG-45)', () => {
    const { services } = parse(read('elk/compose.yml')) as {
      services: Record<string, { image: string; ports: string[]; environment?: string[]; volumes?: string[] }>;
    };
    const versions = Object.values(services).map(
      ({ image }) => /^docker\.elastic\.co\/(\w+)\/\1:8\.11\.0$/.exec(image)?.[1],
    );
    expect(versions).toEqual(['elasticsearch', 'kibana', 'logstash']);
    const { elasticsearch, kibana, logstash } = services;
    expect([elasticsearch?.ports, kibana?.ports]).toEqual([['127.0.0.1:9200:9200'], ['127.0.0.1:5601:5601']]);
    expect(elasticsearch?.environment).toContain('discovery.type=single-node');
    expect(logstash?.volumes).toEqual(['./logstash.conf:/usr/share/logstash/pipeline/logstash.conf']);
    expect(read('elk/logstash.conf')).toMatch(/match => \["timestamp", "ISO8601"\]/);
  });

  it.skipIf(!jq.isInstalled)(
    'find lines that they can read: objects alone, with a time in that format (LOG-14, LOG-80)',
    async () => {
      const dir = newFolder();
      const logger = createLogger({ dir, stdout: { write: () => undefined }, level: 'info' });
      logger.info({ password: 'hunter2' }, 'told\nin two lines');
      logger.error(new Error('with a stack'));
      await logger.close();
      const files = readdirSync(dir).filter((name) => name.endsWith('.log'));
      expect(files.sort()).toEqual(['access.log', 'app.log', 'error.log']);
      const format = sectionsOf(read('cloudwatch-awslogs.conf'))['/var/log/builder-api/app.log']?.datetime_format ?? '';
      const answer = jq.exec([
        '-c',
        `.timestamp[0:19] | strptime("${format}") | mktime`,
        ...files.map((name) => join(dir, name)),
      ]);
      const times = answer.trim().split('\n').map(Number);
      expect(times).toHaveLength(3);
      for (const seconds of times) expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(600);
    },
  );
});
