//! The tables of the control database: who exists, and the work that belongs to no tenant.

use sea_orm::sea_query::{ColumnDef, Index, Table};

use super::{Ddl, Migration, instant};

pub(super) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "tenants, sign-ups, operators, work",
        tables: &[],
        up: foundation,
    },
    Migration {
        version: 2,
        name: "half tenants are claimed by who removes them",
        tables: &[],
        up: claims,
    },
];

fn foundation() -> Vec<Ddl> {
    let mut all = tenants();
    all.extend(signups());
    all.extend(platform());
    all.extend(work());
    all
}

fn claims() -> Vec<Ddl> {
    let removing_at = ColumnDef::new("removing_at")
        .timestamp_with_time_zone()
        .take();
    vec![
        Table::alter()
            .table("tenant")
            .add_column(removing_at)
            .into(),
    ]
}

fn tenants() -> Vec<Ddl> {
    vec![
        Table::create()
            .table("tenant")
            .col(ColumnDef::new("id").uuid().not_null().primary_key())
            .col(ColumnDef::new("number").text().not_null().unique_key())
            .col(ColumnDef::new("host_name").text().not_null().unique_key())
            .col(ColumnDef::new("full_name").text().not_null())
            .col(ColumnDef::new("short_name").text())
            .col(ColumnDef::new("industry").text().not_null())
            .col(ColumnDef::new("email").text().not_null())
            .col(ColumnDef::new("mobile").text())
            .col(ColumnDef::new("contact_name").text().not_null())
            .col(ColumnDef::new("language").text().not_null())
            .col(ColumnDef::new("status").text().not_null())
            .col(ColumnDef::new("status_reason").text())
            .col(ColumnDef::new("verified_at").timestamp_with_time_zone())
            .col(ColumnDef::new("shard").text().not_null())
            .col(ColumnDef::new("schema_version").big_integer().not_null())
            .col(ColumnDef::new("migration_error").text())
            .col(ColumnDef::new("terms_version").text().not_null())
            .col(instant("terms_accepted_at"))
            .col(instant("created_at"))
            .col(instant("changed_at"))
            .into(),
        Index::create()
            .name("tenant_changed")
            .table("tenant")
            .col("changed_at")
            .into(),
        Index::create()
            .name("tenant_created")
            .table("tenant")
            .col("created_at")
            .into(),
        // A freed host name rests until `free_at`.
        Table::create()
            .table("host_name_rest")
            .col(ColumnDef::new("host_name").text().not_null().primary_key())
            .col(instant("free_at"))
            .into(),
        // Events that entitlements are folded from, in the issuer's own order; append-only.
        Table::create()
            .table("ledger")
            .col(ColumnDef::new("id").uuid().not_null().primary_key())
            .col(ColumnDef::new("tenant_id").uuid().not_null())
            .col(ColumnDef::new("issuer").text().not_null())
            .col(ColumnDef::new("issuer_order").big_integer().not_null())
            .col(ColumnDef::new("kind").text().not_null())
            .col(ColumnDef::new("body").json_binary().not_null())
            .col(instant("created_at"))
            .into(),
        Index::create()
            .unique()
            .name("ledger_order")
            .table("ledger")
            .col("tenant_id")
            .col("issuer")
            .col("issuer_order")
            .into(),
    ]
}

fn signups() -> Vec<Ddl> {
    vec![
        Table::create()
            .table("signup")
            .col(ColumnDef::new("id").uuid().not_null().primary_key())
            .col(ColumnDef::new("body").json_binary().not_null())
            .col(ColumnDef::new("email").text().not_null())
            .col(ColumnDef::new("host_name").text().not_null())
            .col(ColumnDef::new("source").text().not_null())
            .col(ColumnDef::new("code_hash").binary_len(32).not_null())
            .col(instant("code_expires_at"))
            .col(ColumnDef::new("guesses").integer().not_null())
            .col(ColumnDef::new("sends").integer().not_null())
            .col(instant("sent_at"))
            .col(ColumnDef::new("tenant_id").uuid())
            .col(ColumnDef::new("confirmed_at").timestamp_with_time_zone())
            .col(instant("created_at"))
            .into(),
        Index::create()
            .name("signup_created")
            .table("signup")
            .col("created_at")
            .into(),
    ]
}

fn platform() -> Vec<Ddl> {
    vec![
        Table::create()
            .table("platform_account")
            .col(ColumnDef::new("id").uuid().not_null().primary_key())
            .col(ColumnDef::new("kind").text().not_null())
            .col(ColumnDef::new("name").text().not_null())
            .col(ColumnDef::new("email").text().not_null())
            .col(
                ColumnDef::new("email_folded")
                    .text()
                    .not_null()
                    .unique_key(),
            )
            .col(ColumnDef::new("password_hash").text().not_null())
            .col(ColumnDef::new("language").text())
            .col(ColumnDef::new("failures").integer().not_null())
            .col(ColumnDef::new("locked_at").timestamp_with_time_zone())
            .col(instant("created_at"))
            .into(),
        Table::create()
            .table("platform_session")
            .col(ColumnDef::new("id").uuid().not_null().primary_key())
            .col(ColumnDef::new("account_id").uuid().not_null())
            .col(
                ColumnDef::new("token_hash")
                    .binary_len(32)
                    .not_null()
                    .unique_key(),
            )
            .col(ColumnDef::new("device").text().not_null())
            .col(ColumnDef::new("ip").text().not_null())
            .col(instant("created_at"))
            .col(instant("last_seen_at"))
            .col(instant("expires_at"))
            .col(ColumnDef::new("ended_at").timestamp_with_time_zone())
            .into(),
        // Small facts of the deployment: the claim link, the versions that processes watch.
        Table::create()
            .table("setting")
            .col(ColumnDef::new("key").text().not_null().primary_key())
            .col(ColumnDef::new("body").json_binary().not_null())
            .col(instant("changed_at"))
            .into(),
    ]
}

fn work() -> Vec<Ddl> {
    vec![
        // The embedded column's `due`; PostgreSQL has one in each shard. Rows are only ever added
        // and taken, so that transactions of one tenant never wait for each other here.
        Table::create()
            .table("due")
            .col(
                ColumnDef::new("id")
                    .big_integer()
                    .not_null()
                    .auto_increment()
                    .primary_key(),
            )
            .col(ColumnDef::new("tenant").uuid().not_null())
            .col(instant("due_at"))
            .col(ColumnDef::new("leased_until").timestamp_with_time_zone())
            .into(),
        Index::create()
            .name("due_at")
            .table("due")
            .col("due_at")
            .into(),
        Index::create()
            .name("due_tenant")
            .table("due")
            .col("tenant")
            .into(),
        Table::create()
            .table("job")
            .col(ColumnDef::new("id").uuid().not_null().primary_key())
            .col(ColumnDef::new("kind").text().not_null())
            .col(ColumnDef::new("key").text())
            .col(ColumnDef::new("body").json_binary().not_null())
            .col(instant("due_at"))
            .col(ColumnDef::new("leased_until").timestamp_with_time_zone())
            .col(ColumnDef::new("dead_at").timestamp_with_time_zone())
            .col(ColumnDef::new("attempts").integer().not_null())
            .col(ColumnDef::new("error").text())
            .col(instant("created_at"))
            .into(),
        Index::create()
            .unique()
            .name("control_job_key")
            .table("job")
            .col("kind")
            .col("key")
            .into(),
        Index::create()
            .name("control_job_due")
            .table("job")
            .col("dead_at")
            .col("due_at")
            .into(),
        // Mails that belong to no tenant, and every mail of the local mailbox.
        Table::create()
            .table("mail")
            .col(ColumnDef::new("id").uuid().not_null().primary_key())
            .col(ColumnDef::new("tenant_id").uuid())
            .col(ColumnDef::new("recipient").text().not_null())
            .col(ColumnDef::new("kind").text().not_null())
            .col(ColumnDef::new("state").text().not_null())
            .col(ColumnDef::new("subject").text())
            .col(ColumnDef::new("body").text())
            .col(ColumnDef::new("error").text())
            .col(instant("created_at"))
            .col(ColumnDef::new("sent_at").timestamp_with_time_zone())
            .into(),
        Index::create()
            .name("mail_created")
            .table("mail")
            .col("created_at")
            .into(),
    ]
}
