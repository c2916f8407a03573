-- The audit log goes with it: dump it first, `pg_dump -t audit_logs`.
DROP TABLE audit_logs, api_keys, refresh_tokens, refresh_token_families;
DROP FUNCTION keep_audit_logs();
