#!/bin/sh
# Run once by the postgres image on an empty volume: the database, its owner (migrates) and the role that serves requests.
set -eu
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" \
  --set=owner_password="$OWNER_PASSWORD" --set=app_password="$APP_PASSWORD" <<'SQL'
CREATE ROLE tillgraph_owner LOGIN CREATEDB PASSWORD :'owner_password';
CREATE ROLE tillgraph_app LOGIN PASSWORD :'app_password';
GRANT tillgraph_app TO tillgraph_owner;
CREATE DATABASE tillgraph OWNER tillgraph_owner;
SQL
