import { ERRORS, HEALTH, PING, RESTART, ROLL_BACK, SETTINGS, type Advice } from './advice.js';

const unhealthy: Advice = {
  meaning: 'A check of the health is not up: degraded when the service goes on without it, in error when it cannot.',
  impact: 'In error no traffic comes to the instance; degraded, something works worse or not at all.',
  diagnosis: [HEALTH, PING, ERRORS],
  cure: ['The health names the check, and the log why it failed: cure that.', ROLL_BACK],
};

export const SERVICE_ADVICE: Readonly<Record<string, Advice>> = {
  LivenessFailing: {
    meaning: 'The process does not answer: it is gone, hangs, or cannot be reached.',
    impact: 'With a single instance the service is down.',
    diagnosis: [
      ['curl -s -m 5 http://localhost:3000/health/liveness', 'whether it answers on its own machine'],
      ['tail -n 50 logs/app.log', 'what it said last'],
      ['systemctl status <service>', 'or `pm2 list`, `kubectl get pods`: whether it runs'],
    ],
    cure: [
      RESTART,
      'If it does not start, exit code 78 and the lines before it name the setting that is wrong.',
      ROLL_BACK,
    ],
  },
  ReadinessFailing: unhealthy,
  ServiceUnhealthy: unhealthy,
  ExternalServiceDown: {
    meaning: 'The check of a dependency fails; the label `check` says of which.',
    impact: 'What needs it answers 503, or from the cache, or with its fallback.',
    diagnosis: [HEALTH, PING, SETTINGS],
    cure: [
      'Look at the status page of the dependency; from this machine, `curl` its address.',
      'If its key was changed, so must be the setting.',
      'Nothing needs a restart here: as soon as it answers, the circuit closes by itself.',
    ],
  },
  CertificateExpiring: {
    meaning: 'The TLS certificate with the label `name` ends soon: its renewal does not work.',
    impact: 'From the day it ends no client connects any more.',
    diagnosis: [
      ['openssl x509 -enddate -noout -in <file>', 'when the file ends'],
      ['systemctl status certbot.timer', 'whether renewal runs'],
    ],
    cure: ['Renew it, reload what serves it, and look why the renewal did not come by itself.'],
  },
};

export const WORK_ADVICE: Readonly<Record<string, Advice>> = {
  JobQueueDeep: {
    meaning: 'Jobs come faster than they are done, or nobody does them.',
    impact: 'What users wait for comes late.',
    diagnosis: [
      [`express-runbook db console -- -c "SELECT status, count(*) FROM jobs GROUP BY status"`, 'how many stand where'],
      ERRORS,
    ],
    cure: [
      'If none runs, the workers are gone: start them.',
      'If they run, start more (`npm run worker`), or raise JOBS_CONCURRENCY.',
      'If they fail again and again, cure what the log names; dead letters can be retried.',
    ],
  },
  EventQueueLong: {
    meaning: 'Events come faster than they are processed, or nobody processes them.',
    impact: 'What depends on them is out of date.',
    diagnosis: [
      [
        `express-runbook db console -- -c "SELECT status, count(*) FROM events GROUP BY status"`,
        'how many stand where',
      ],
      ERRORS,
    ],
    cure: ['If none are processed, start what does.', 'If they are, have more of it run.'],
  },
  LlmErrors: {
    meaning: 'Calls of the language model fail.',
    impact: 'Analyses and searches answer 503 with `LLM service unavailable`.',
    diagnosis: [HEALTH, ERRORS],
    cure: [
      'If the provider is down, wait: the circuit closes by itself.',
      'If the code is 401, the key is not valid any more; if 429, the quota at the provider is used up.',
    ],
  },
  LlmQuotaUsed: {
    meaning: 'The client with the label `client_id` has used most of its tokens of this month, or all of them.',
    impact: 'When all are used, its calls are refused with 429 until the next month.',
    diagnosis: [
      [
        `express-runbook db console -- -c "SELECT * FROM llm_usage_months ORDER BY month DESC, tokens DESC LIMIT 10"`,
        'who used how much',
      ],
    ],
    cure: [
      'If the use is meant, raise the quota.',
      'If it is not, find out what calls: the lines `LLM usage` have the operation.',
    ],
  },
};
