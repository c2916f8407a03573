DROP TABLE llm_usage_months;
DROP TABLE llm_usage;
