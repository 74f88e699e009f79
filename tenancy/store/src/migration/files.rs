//! Files: stored objects, their uses, and bytes on their way in. One upload, the object that it
//! becomes and its first use share one UUID, so that a check that is run again finds what it made.

use sea_orm::sea_query::{
    ColumnDef, ConditionalStatement as _, Expr, ExprTrait as _, Index, Table,
};

use super::{Ddl, instant};

pub(super) fn files() -> Vec<Ddl> {
    let mut all = objects();
    all.extend(uses());
    all.extend(uploads());
    all.extend(columns());
    all
}

/// FIL-05, FIL-12: one row an object, however often it is used (folding).
fn objects() -> Vec<Ddl> {
    vec![
        Table::create()
            .table("file")
            .col(ColumnDef::new("id").uuid().not_null().primary_key())
            // Of the bytes as they were uploaded, by which equal content is found. Empty while the
            // object is being made: only a row that has one can be used.
            .col(ColumnDef::new("sha256").binary_len(32).unique_key())
            .col(ColumnDef::new("size_bytes").big_integer().not_null())
            // With thumbnail and poster: what the tenant's storage is charged.
            .col(ColumnDef::new("stored_bytes").big_integer().not_null())
            .col(ColumnDef::new("content_type").text().not_null())
            .col(ColumnDef::new("kind").text().not_null())
            .col(ColumnDef::new("object_key").text().not_null())
            .col(ColumnDef::new("thumbnail_key").text())
            .col(ColumnDef::new("thumbnail_type").text())
            .col(ColumnDef::new("thumbnail_bytes").big_integer())
            .col(ColumnDef::new("poster_key").text())
            .col(ColumnDef::new("poster_bytes").big_integer())
            .col(ColumnDef::new("width").integer())
            .col(ColumnDef::new("height").integer())
            .col(ColumnDef::new("blur").text())
            .col(ColumnDef::new("duration_ms").big_integer())
            .col(ColumnDef::new("checked").text().not_null())
            // Neither deletion nor retention removes the bytes while this is set.
            .col(ColumnDef::new("hold").boolean().not_null())
            .col(instant("created_at"))
            .into(),
    ]
}

/// What clients know: an attachment, a folder and its members, an avatar.
fn uses() -> Vec<Ddl> {
    vec![
        Table::create()
            .table("file_entry")
            .col(ColumnDef::new("id").uuid().not_null().primary_key())
            // Empty for a folder; the object may be gone when the use has ended.
            .col(ColumnDef::new("file_id").uuid())
            .col(ColumnDef::new("owner_id").uuid().not_null())
            .col(ColumnDef::new("purpose").text().not_null())
            .col(ColumnDef::new("name").text().not_null())
            .col(ColumnDef::new("kind").text().not_null())
            .col(ColumnDef::new("size_bytes").big_integer().not_null())
            .col(ColumnDef::new("folder_id").uuid())
            .col(ColumnDef::new("path").text())
            .col(ColumnDef::new("conversation_id").uuid())
            .col(ColumnDef::new("message_id").uuid())
            .col(ColumnDef::new("seq").big_integer())
            .col(instant("created_at"))
            .col(ColumnDef::new("attached_at").timestamp_with_time_zone())
            .col(ColumnDef::new("removed_at").timestamp_with_time_zone())
            .col(ColumnDef::new("removed_why").text())
            .into(),
        // The last use of an object frees it.
        Index::create()
            .name("file_entry_file")
            .table("file_entry")
            .col("file_id")
            .into(),
        Index::create()
            .name("file_entry_folder")
            .table("file_entry")
            .col("folder_id")
            .into(),
        // Retention by kind, and what was never attached; what is gone is not looked at again.
        Index::create()
            .name("file_entry_live")
            .table("file_entry")
            .col("kind")
            .col("attached_at")
            .and_where(Expr::col("removed_at").is_null())
            .into(),
    ]
}

fn uploads() -> Vec<Ddl> {
    vec![
        Table::create()
            .table("upload")
            .col(ColumnDef::new("id").uuid().not_null().primary_key())
            .col(ColumnDef::new("member_id").uuid().not_null())
            .col(ColumnDef::new("nonce").text().not_null())
            .col(ColumnDef::new("purpose").text().not_null())
            .col(ColumnDef::new("name").text().not_null())
            .col(ColumnDef::new("size_bytes").big_integer().not_null())
            .col(ColumnDef::new("object_key").text().not_null())
            .col(ColumnDef::new("s3_upload_id").text())
            .col(ColumnDef::new("part_bytes").big_integer().not_null())
            .col(ColumnDef::new("state").text().not_null())
            .col(ColumnDef::new("refusal").text())
            .col(instant("created_at"))
            .col(instant("expires_at"))
            .col(instant("changed_at"))
            .into(),
        // Starting twice gives the same upload.
        Index::create()
            .unique()
            .name("upload_nonce")
            .table("upload")
            .col("member_id")
            .col("nonce")
            .into(),
    ]
}

fn columns() -> Vec<Ddl> {
    vec![
        // What readers are shown of a message's files, without another query.
        Table::alter()
            .table("message")
            .add_column(ColumnDef::new("attachments").json_binary())
            .into(),
        // DIR-56: a file_entry.
        Table::alter()
            .table("member")
            .add_column(ColumnDef::new("avatar_id").uuid())
            .into(),
    ]
}
