import type { Ops } from 'express-runbook';

export interface BusinessMetrics {
  codebookCreated(): void;
  itemsUploaded(count: number): void;
  refactorCompleted(): void;
  recommendationsGenerated(count: number): void;
  recommendationAccepted(): void;
}

/** What the business asks for; the acceptance rate is `recommendations_accepted_total` by `recommendations_generated_total`. */
export function businessMetrics({ metrics }: Pick<Ops, 'metrics'>): BusinessMetrics {
  const created = metrics.counter({ name: 'codebooks_created_total', help: 'Codebooks that were created.' });
  const uploaded = metrics.counter({ name: 'items_uploaded_total', help: 'Items that were uploaded to codebooks.' });
  const refactored = metrics.counter({
    name: 'refactor_operations_total',
    help: 'Refactorings of codebooks that were completed.',
  });
  const generated = metrics.counter({
    name: 'recommendations_generated_total',
    help: 'Recommendations that the language model gave.',
  });
  const accepted = metrics.counter({
    name: 'recommendations_accepted_total',
    help: 'Recommendations that somebody accepted.',
  });
  return {
    codebookCreated: () => {
      created.inc();
    },
    itemsUploaded: (count) => {
      uploaded.inc(count);
    },
    refactorCompleted: () => {
      refactored.inc();
    },
    recommendationsGenerated: (count) => {
      generated.inc(count);
    },
    recommendationAccepted: () => {
      accepted.inc();
    },
  };
}
