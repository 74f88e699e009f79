//! The tables of a tenant. Their budget is 24 tables and 30 secondary indexes for the whole
//! product: what is small and shaped like a document is a `record`.

use sea_orm::sea_query::{ColumnDef, Index, Table};

use super::{Ddl, Migration, files, instant};

pub(super) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "people, conversations, work",
        tables: &[
            "member",
            "member_key",
            "department",
            "placement",
            "session",
            "assignment",
            "conversation",
            "participant",
            "message",
            "record",
            "outbox",
            "job",
            "audit",
        ],
        up: foundation,
    },
    Migration {
        version: 2,
        name: "files",
        tables: &["file", "file_entry", "upload"],
        up: files::files,
    },
];

fn foundation() -> Vec<Ddl> {
    let mut all = people();
    all.extend(departments());
    all.extend(doors());
    all.extend(conversations());
    all.extend(documents());
    all.extend(work());
    all
}

/// The directory: DIR-01 to DIR-19.
fn people() -> Vec<Ddl> {
    vec![
        Table::create()
            .table("member")
            .col(ColumnDef::new("id").uuid().not_null().primary_key())
            .col(ColumnDef::new("account").text().not_null())
            .col(ColumnDef::new("name").text().not_null())
            .col(ColumnDef::new("nickname").text())
            .col(ColumnDef::new("email").text())
            .col(ColumnDef::new("mobile").text())
            .col(ColumnDef::new("signature").text())
            // Folded name, account and pinyin (full and initials), for search by substring.
            .col(ColumnDef::new("search").text().not_null())
            // Folded pinyin of the name: the order of lists.
            .col(ColumnDef::new("sort").text().not_null())
            .col(ColumnDef::new("state").text().not_null())
            .col(ColumnDef::new("authorized_at").timestamp_with_time_zone())
            .col(ColumnDef::new("language").text())
            .col(ColumnDef::new("password_hash").text())
            .col(ColumnDef::new("password_changed_at").timestamp_with_time_zone())
            .col(ColumnDef::new("must_change_password").boolean().not_null())
            .col(ColumnDef::new("failures").integer().not_null())
            .col(ColumnDef::new("locked_at").timestamp_with_time_zone())
            .col(ColumnDef::new("last_sign_in_at").timestamp_with_time_zone())
            .col(instant("created_at"))
            .into(),
        Index::create()
            .name("member_sort")
            .table("member")
            .col("sort")
            .col("id")
            .into(),
        // What a member can be found by at sign-in: account, e-mail, mobile, folded. An account
        // stays taken for ever (DIR-12).
        Table::create()
            .table("member_key")
            .col(ColumnDef::new("kind").text().not_null())
            .col(ColumnDef::new("folded").text().not_null())
            .col(ColumnDef::new("member_id").uuid().not_null())
            .primary_key(Index::create().col("kind").col("folded"))
            .into(),
        Index::create()
            .name("member_key_member")
            .table("member_key")
            .col("member_id")
            .into(),
    ]
}

/// The tree, and who is where in it.
fn departments() -> Vec<Ddl> {
    vec![
        Table::create()
            .table("department")
            .col(ColumnDef::new("id").uuid().not_null().primary_key())
            .col(ColumnDef::new("parent_id").uuid())
            .col(ColumnDef::new("name").text().not_null())
            .col(ColumnDef::new("order_number").integer().not_null())
            // Ids of the departments above and of this one, joined by '/': a subtree is a prefix.
            .col(ColumnDef::new("path").text().not_null())
            .col(ColumnDef::new("depth").integer().not_null())
            .col(instant("created_at"))
            .into(),
        Index::create()
            .name("department_parent")
            .table("department")
            .col("parent_id")
            .col("order_number")
            .into(),
        // A member's place in a department, with position and weight (DIR-16, DIR-19).
        Table::create()
            .table("placement")
            .col(ColumnDef::new("department_id").uuid().not_null())
            .col(ColumnDef::new("member_id").uuid().not_null())
            .col(ColumnDef::new("position").text())
            .col(ColumnDef::new("weight").integer().not_null())
            .primary_key(Index::create().col("department_id").col("member_id"))
            .into(),
        Index::create()
            .name("placement_member")
            .table("placement")
            .col("member_id")
            .into(),
    ]
}

/// Sessions and roles.
fn doors() -> Vec<Ddl> {
    vec![
        Table::create()
            .table("session")
            .col(ColumnDef::new("id").uuid().not_null().primary_key())
            // SHA-256 of the token; the token itself is kept nowhere.
            .col(
                ColumnDef::new("token_hash")
                    .binary_len(32)
                    .not_null()
                    .unique_key(),
            )
            // Empty for the founder, who signs in with the super password.
            .col(ColumnDef::new("member_id").uuid())
            .col(ColumnDef::new("surface").text().not_null())
            .col(ColumnDef::new("device_type").text().not_null())
            .col(ColumnDef::new("device").text().not_null())
            .col(ColumnDef::new("ip").text().not_null())
            .col(instant("created_at"))
            .col(instant("last_seen_at"))
            .col(instant("expires_at"))
            .col(ColumnDef::new("ended_at").timestamp_with_time_zone())
            .col(ColumnDef::new("end_reason").text())
            .col(ColumnDef::new("ended_by").text())
            .into(),
        Index::create()
            .name("session_member")
            .table("session")
            .col("member_id")
            .col("created_at")
            .into(),
        Table::create()
            .table("assignment")
            .col(ColumnDef::new("member_id").uuid().not_null())
            .col(ColumnDef::new("role").text().not_null())
            .col(instant("created_at"))
            .primary_key(Index::create().col("member_id").col("role"))
            .into(),
    ]
}

/// Conversations, who is in them, and their logs (DESIGN.md 3).
fn conversations() -> Vec<Ddl> {
    vec![
        Table::create()
            .table("conversation")
            .col(ColumnDef::new("id").uuid().not_null().primary_key())
            .col(ColumnDef::new("kind").text().not_null())
            // The two members of a direct conversation, in order: there is one of it.
            .col(ColumnDef::new("direct_key").text().unique_key())
            .col(ColumnDef::new("title").text())
            .col(ColumnDef::new("head_seq").big_integer().not_null())
            .col(ColumnDef::new("count").big_integer().not_null())
            .col(instant("created_at"))
            // Moves with every entry: order of the list, and what `sync` goes by. Not indexed: both
            // read a member's own conversations, and a send's update of this row can stay in its
            // page.
            .col(instant("changed_at"))
            .into(),
        // One row an interval of membership: [from_seq, to_seq].
        Table::create()
            .table("participant")
            .col(ColumnDef::new("conversation_id").uuid().not_null())
            .col(ColumnDef::new("member_id").uuid().not_null())
            .col(ColumnDef::new("from_seq").big_integer().not_null())
            .col(ColumnDef::new("to_seq").big_integer())
            // The read mark, and `count_to` there.
            .col(ColumnDef::new("read_seq").big_integer().not_null())
            .col(ColumnDef::new("read_count").big_integer().not_null())
            // Own messages so far, and as of the read mark: unread is a difference of counts.
            .col(ColumnDef::new("own_count").big_integer().not_null())
            .col(ColumnDef::new("own_read").big_integer().not_null())
            // Moves with the read mark: what other devices of the member `sync` by.
            .col(instant("changed_at"))
            .primary_key(
                Index::create()
                    .col("conversation_id")
                    .col("member_id")
                    .col("from_seq"),
            )
            .into(),
        Index::create()
            .name("participant_member")
            .table("participant")
            .col("member_id")
            .col("conversation_id")
            .into(),
        Table::create()
            .table("message")
            .col(ColumnDef::new("conversation_id").uuid().not_null())
            .col(ColumnDef::new("seq").big_integer().not_null())
            .col(ColumnDef::new("id").uuid().not_null().unique_key())
            .col(ColumnDef::new("kind").text().not_null())
            .col(ColumnDef::new("author_id").uuid())
            .col(ColumnDef::new("author_name").text())
            .col(ColumnDef::new("nonce").text())
            .col(ColumnDef::new("text").text())
            .col(ColumnDef::new("count_to").big_integer().not_null())
            .col(instant("created_at"))
            .primary_key(Index::create().col("conversation_id").col("seq"))
            .into(),
        // A retry of a send finds its first entry (DESIGN.md 4).
        Index::create()
            .unique()
            .name("message_nonce")
            .table("message")
            .col("author_id")
            .col("nonce")
            .into(),
    ]
}

/// Small documents.
fn documents() -> Vec<Ddl> {
    vec![
        Table::create()
            .table("record")
            .col(ColumnDef::new("id").uuid().not_null().primary_key())
            .col(ColumnDef::new("kind").text().not_null())
            // Whose or what of its kind; unique within the kind.
            .col(ColumnDef::new("key").text().not_null())
            .col(ColumnDef::new("body").json_binary().not_null())
            .col(ColumnDef::new("version").big_integer().not_null())
            .col(instant("created_at"))
            .col(instant("changed_at"))
            .into(),
        Index::create()
            .unique()
            .name("record_key")
            .table("record")
            .col("kind")
            .col("key")
            .into(),
    ]
}

/// Work that survives a restart, and what administrators did.
fn work() -> Vec<Ddl> {
    vec![
        // Events for durable readers, in the order in which they were appended.
        Table::create()
            .table("outbox")
            .col(
                ColumnDef::new("id")
                    .big_integer()
                    .not_null()
                    .auto_increment()
                    .primary_key(),
            )
            .col(ColumnDef::new("reader").text().not_null())
            .col(ColumnDef::new("body").json_binary().not_null())
            .col(instant("created_at"))
            .into(),
        Index::create()
            .name("outbox_reader")
            .table("outbox")
            .col("reader")
            .col("id")
            .into(),
        Table::create()
            .table("job")
            .col(ColumnDef::new("id").uuid().not_null().primary_key())
            .col(ColumnDef::new("kind").text().not_null())
            // At most one waiting job of a kind with the same key.
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
            .name("job_key")
            .table("job")
            .col("kind")
            .col("key")
            .into(),
        Index::create()
            .name("job_due")
            .table("job")
            .col("dead_at")
            .col("due_at")
            .into(),
        Table::create()
            .table("audit")
            .col(ColumnDef::new("id").uuid().not_null().primary_key())
            .col(instant("at"))
            .col(ColumnDef::new("actor").text().not_null())
            .col(ColumnDef::new("actor_id").text())
            .col(ColumnDef::new("action").text().not_null())
            .col(ColumnDef::new("object").text())
            .col(ColumnDef::new("object_id").text())
            .col(ColumnDef::new("ip").text())
            .col(ColumnDef::new("outcome").text().not_null())
            .into(),
    ]
}
