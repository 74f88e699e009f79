//! What a shard has besides its tenants' schemas: `shard.due`, which tenants have work (DESIGN.md
//! 7).

/// Idempotent; run at every start of a process that may own the shard. Tenant roles can call
/// `mark_due` and cannot read the table. The function takes no tenant: it derives it from the role
/// of the transaction (`current_user` is the definer here).
pub(super) const SHARD: &str = "
CREATE SCHEMA IF NOT EXISTS shard;
CREATE TABLE IF NOT EXISTS shard.due (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant uuid NOT NULL,
    due_at timestamptz NOT NULL,
    leased_until timestamptz
);
CREATE INDEX IF NOT EXISTS due_at ON shard.due (due_at);
CREATE INDEX IF NOT EXISTS due_tenant ON shard.due (tenant);
CREATE OR REPLACE FUNCTION shard.mark_due(at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO shard.due (tenant, due_at)
    VALUES (substr(current_setting('role'), 3)::uuid, at)
$$;
REVOKE ALL ON ALL TABLES IN SCHEMA shard FROM PUBLIC;
GRANT USAGE ON SCHEMA shard TO PUBLIC;
GRANT EXECUTE ON FUNCTION shard.mark_due(timestamptz) TO PUBLIC;
";
