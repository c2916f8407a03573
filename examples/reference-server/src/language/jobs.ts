import { PermanentJobError, type JobRun, type JobTypeOptions } from 'express-runbook/jobs';
import type { Pool } from 'pg';
import type { BusinessMetrics } from '../business-metrics.js';
import { findItemsByIds, labelsOf } from '../codebooks/items.js';
import { createVersion } from '../codebooks/versions.js';
import { keepRecommendations } from '../recommendations/queries.js';
import type { RuleList } from '../rules/rule-list.js';
import type { Task } from './models.js';
import type { Match, Operations } from './operations.js';
import type { Outage } from './outage.js';

export interface LanguageJobParts {
  readonly pool: Pool;
  /** Nothing without a language model in the configuration: nobody asks for these jobs then. */
  readonly operations: Operations | undefined;
  readonly rules: RuleList;
  readonly business: BusinessMetrics;
}

interface OfCodebook {
  readonly clientId: string;
  readonly codebookId: string;
}

interface OfText {
  readonly clientId: string;
  /** Without one, all that the client has: jobs of before this was asked for have none. */
  readonly codebookId?: string;
  readonly text: string;
  readonly limit: number;
}

interface OfItems extends OfCodebook {
  readonly ids: readonly string[];
}

/** Labels that one prompt holds: the newest of a large codebook. */
const MAX_LABELS = 500;
const MAX_RECOMMENDATIONS = 20;
/** An outage that nobody saw coming costs attempts until the circuit opens; after that jobs wait without losing one. */
const PATIENCE = { maxAttempts: 10, maxBackoffMs: 60_000 };

/** What clients have done with their codebooks, each in a job: pending while the service that it calls is away. */
export function languageJobs(parts: LanguageJobParts) {
  const { pool, operations, business } = parts;

  function job<Payload extends { clientId: string }, Result>(
    outageOf: (operations: Operations) => Outage,
    work: (operations: Operations, payload: Payload, run: JobRun) => Promise<Result>,
  ): JobTypeOptions<Payload> {
    return {
      ...PATIENCE,
      waitWhile: () => operations !== undefined && outageOf(operations).isAway(),
      async run(payload, run) {
        if (operations === undefined) throw new PermanentJobError('no language model is configured');
        try {
          return await work(operations, payload, run);
        } catch (error) {
          throw isHopeless(error) ? new PermanentJobError(error.message, { cause: error }) : error;
        }
      },
    };
  }
  const ofModel = ({ model }: Operations): Outage => model;
  const ofFinding = ({ finding }: Operations): Outage => finding;
  const complete = async (operations: Operations, task: Task, { clientId, codebookId }: OfCodebook): Promise<string> =>
    operations.complete(clientId, task, await promptText(parts, clientId, codebookId));

  return {
    refactor: job(ofModel, async (all, of: OfCodebook, { id }) => {
      const notes = await complete(all, 'refactor', of);
      const made = await createVersion(pool, of.codebookId, { notes, jobId: id });
      if (made === undefined) throw new PermanentJobError('the codebook is gone');
      if (made.isNew) business.refactorCompleted();
      return { version: made.version.version };
    }),
    codebook_analysis: job(ofModel, async (all, of: OfCodebook) => ({ summary: await complete(all, 'analysis', of) })),
    recommendations: job(ofModel, async (all, of: OfCodebook, { id }) => {
      const texts = linesOf(await complete(all, 'recommendations', of));
      const count = await keepRecommendations(pool, { ...of, jobId: id, texts });
      business.recommendationsGenerated(count);
      return { recommendations: texts.length };
    }),
    search: job(ofFinding, async (all, { text, limit, ...where }: OfText): Promise<{ matches: Match[] }> => ({
      matches: await all.search(where, text, limit),
    })),
    index_items: job(ofFinding, async (all, { clientId, codebookId, ids }: OfItems) => {
      const items = await findItemsByIds(pool, codebookId, ids);
      await all.index(
        clientId,
        items.map(({ id, label }) => ({ id: `item-${id}`, text: label, codebookId })),
      );
      return { indexed: items.length };
    }),
  };
}

/** What the client wants of its codebooks, and what is in this one. */
async function promptText({ pool, rules }: LanguageJobParts, clientId: string, codebookId: string): Promise<string> {
  const labels = await labelsOf(pool, codebookId, MAX_LABELS);
  if (labels.length === 0) throw new PermanentJobError('the codebook has no items');
  const wanted = await rules.of(clientId);
  const part = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [title, ...lines.map((line) => `- ${line}`)];
  return [
    ...part(
      'Rules:',
      wanted.map(({ text }) => text),
    ),
    ...part('Items:', labels),
  ].join('\n');
}

/** One on each line, without the signs that a list has. */
function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '').trim());
  return lines.filter((line) => line !== '').slice(0, MAX_RECOMMENDATIONS);
}

/** The quota lasts until the next month, and what the service refuses as wrong stays wrong. */
function isHopeless(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === 'ERR_USAGE_QUOTA' || error.code === 'ERR_SERVICE_REJECTED';
}
