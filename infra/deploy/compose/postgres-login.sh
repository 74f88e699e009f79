#!/bin/sh
# On the first start: Hansa's login role and its database. It may create the roles of tenants, owns the
# database, and is no superuser.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" <<'SQL'
\getenv password HANSA_DATABASE_PASSWORD
CREATE ROLE hansa LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE hansa OWNER hansa;
SQL
