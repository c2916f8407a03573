DROP TABLE workflow_runs, workflows, templates;
