DROP TABLE llm_budget_marks;
