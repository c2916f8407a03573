-- Some runbooks count "User": the accounts by the name that another service gave its table, without the passwords.
-- Breaking changes: none
CREATE VIEW "User" AS
SELECT id, email, name, created_at FROM users;
