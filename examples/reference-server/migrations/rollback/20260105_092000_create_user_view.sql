DROP VIEW "User";
