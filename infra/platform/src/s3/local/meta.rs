//! What the service knows about its files, in a SQLite file of its own. It holds no product row.
//! One writer; every commit is synchronised.

use std::path::Path;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{FromRow, Row as _, Sqlite, Transaction};

/// Connections that only read.
const READERS: u32 = 4;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS object (
    bucket TEXT NOT NULL, key TEXT NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL,
    etag TEXT NOT NULL, content_type TEXT NOT NULL, inline_type TEXT, modified_us INTEGER NOT NULL,
    PRIMARY KEY (bucket, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS upload (
    id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, content_type TEXT NOT NULL,
    created_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS part (
    upload TEXT NOT NULL REFERENCES upload (id), number INTEGER NOT NULL, file TEXT NOT NULL,
    size INTEGER NOT NULL, etag TEXT NOT NULL, PRIMARY KEY (upload, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS doomed (file TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
";

/// An object.
#[derive(Debug, Clone)]
pub(super) struct Object {
    pub(super) bucket: String,
    pub(super) key: String,
    pub(super) file: String,
    pub(super) size: i64,
    pub(super) etag: String,
    pub(super) content_type: String,
    /// Its sniffed type, when a browser may show it.
    pub(super) inline_type: Option<String>,
    pub(super) modified_us: i64,
}

/// An upload in parts that has begun.
#[derive(Debug, Clone)]
pub(super) struct Upload {
    pub(super) id: String,
    pub(super) bucket: String,
    pub(super) key: String,
    pub(super) content_type: String,
    pub(super) created_us: i64,
}

/// One part of it.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) upload: String,
    pub(super) number: i64,
    pub(super) file: String,
    pub(super) size: i64,
    pub(super) etag: String,
}

/// The metadata file.
pub(super) struct Meta {
    writer: SqlitePool,
    readers: SqlitePool,
}

type Result<T> = std::result::Result<T, sqlx::Error>;

impl Meta {
    pub(super) async fn open(path: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await?;
        sqlx::raw_sql(SCHEMA).execute(&writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.read_only(true))
            .await?;
        Ok(Self { writer, readers })
    }

    /// Writes down a file that is about to be written, or is of no more use.
    pub(super) async fn doom(&self, file: &str) -> Result<()> {
        let insert = "INSERT OR IGNORE INTO doomed (file) VALUES (?)";
        sqlx::query(insert).bind(file).execute(&self.writer).await?;
        Ok(())
    }

    /// Files that nobody needs. Only at the start: later some of them are being written.
    pub(super) async fn doomed(&self) -> Result<Vec<String>> {
        sqlx::query_scalar("SELECT file FROM doomed")
            .fetch_all(&self.writer)
            .await
    }

    /// Forgets a doomed file that has been removed.
    pub(super) async fn forget(&self, file: &str) -> Result<()> {
        let delete = "DELETE FROM doomed WHERE file = ?";
        sqlx::query(delete).bind(file).execute(&self.writer).await?;
        Ok(())
    }

    pub(super) async fn find(&self, bucket: &str, key: &str) -> Result<Option<Object>> {
        sqlx::query_as("SELECT * FROM object WHERE bucket = ? AND key = ?")
            .bind(bucket)
            .bind(key)
            .fetch_optional(&self.readers)
            .await
    }

    /// Up to `limit` objects after `after`, by key.
    pub(super) async fn list(
        &self,
        bucket: &str,
        prefix: &str,
        after: &str,
        limit: i64,
    ) -> Result<Vec<Object>> {
        sqlx::query_as(
            "SELECT * FROM object WHERE bucket = ?1 AND key > ?2 AND key >= ?3
             AND substr(key, 1, length(?3)) = ?3 AND (?4 IS NULL OR key < ?4)
             ORDER BY key LIMIT ?5",
        )
        .bind(bucket)
        .bind(after)
        .bind(prefix)
        // No character comes after this one, so that the index ends the scan.
        .bind((!prefix.is_empty()).then(|| format!("{prefix}\u{10FFFF}")))
        .bind(limit)
        .fetch_all(&self.readers)
        .await
    }

    /// Makes `object` the one of its key; returns the files that are doomed by that.
    pub(super) async fn commit(&self, object: &Object) -> Result<Vec<String>> {
        let mut tx = self.writer.begin().await?;
        let doomed = replace(&mut tx, object).await?;
        tx.commit().await?;
        Ok(doomed)
    }

    /// As [`Self::commit`], and ends the upload of which the object was made.
    pub(super) async fn complete(&self, object: &Object, upload: &str) -> Result<Vec<String>> {
        let mut tx = self.writer.begin().await?;
        let mut doomed = replace(&mut tx, object).await?;
        doomed.extend(end(&mut tx, upload).await?);
        tx.commit().await?;
        Ok(doomed)
    }

    /// Removes an object; returns its file.
    pub(super) async fn delete(&self, bucket: &str, key: &str) -> Result<Vec<String>> {
        let mut tx = self.writer.begin().await?;
        let delete = "DELETE FROM object WHERE bucket = ? AND key = ? RETURNING file";
        let found: Vec<String> = sqlx::query_scalar(delete)
            .bind(bucket)
            .bind(key)
            .fetch_all(&mut *tx)
            .await?;
        doom_all(&mut tx, &found).await?;
        tx.commit().await?;
        Ok(found)
    }

    pub(super) async fn begin_upload(&self, upload: &Upload) -> Result<()> {
        sqlx::query("INSERT INTO upload VALUES (?, ?, ?, ?, ?)")
            .bind(&upload.id)
            .bind(&upload.bucket)
            .bind(&upload.key)
            .bind(&upload.content_type)
            .bind(upload.created_us)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    pub(super) async fn find_upload(&self, id: &str) -> Result<Option<Upload>> {
        sqlx::query_as("SELECT * FROM upload WHERE id = ?")
            .bind(id)
            .fetch_optional(&self.readers)
            .await
    }

    /// Uploads that began before `before_us`, at most `limit`.
    pub(super) async fn stale_uploads(&self, before_us: i64, limit: i64) -> Result<Vec<String>> {
        sqlx::query_scalar("SELECT id FROM upload WHERE created_us < ? LIMIT ?")
            .bind(before_us)
            .bind(limit)
            .fetch_all(&self.readers)
            .await
    }

    /// Up to `limit` uploads under `prefix`, by key.
    pub(super) async fn uploads(
        &self,
        bucket: &str,
        prefix: &str,
        limit: i64,
    ) -> Result<Vec<Upload>> {
        let select = "SELECT * FROM upload WHERE bucket = ?1 AND substr(key, 1, length(?2)) = ?2
                      ORDER BY key, id LIMIT ?3";
        sqlx::query_as(select)
            .bind(bucket)
            .bind(prefix)
            .bind(limit)
            .fetch_all(&self.readers)
            .await
    }

    /// Makes `part` the one of its number; returns the file that it replaces.
    pub(super) async fn put_part(&self, part: &Part) -> Result<Vec<String>> {
        let mut tx = self.writer.begin().await?;
        let delete = "DELETE FROM part WHERE upload = ? AND number = ? RETURNING file";
        let replaced: Vec<String> = sqlx::query_scalar(delete)
            .bind(&part.upload)
            .bind(part.number)
            .fetch_all(&mut *tx)
            .await?;
        doom_all(&mut tx, &replaced).await?;
        sqlx::query("INSERT INTO part VALUES (?, ?, ?, ?, ?)")
            .bind(&part.upload)
            .bind(part.number)
            .bind(&part.file)
            .bind(part.size)
            .bind(&part.etag)
            .execute(&mut *tx)
            .await?;
        sqlx::query("DELETE FROM doomed WHERE file = ?")
            .bind(&part.file)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(replaced)
    }

    pub(super) async fn parts(&self, upload: &str) -> Result<Vec<Part>> {
        sqlx::query_as("SELECT * FROM part WHERE upload = ? ORDER BY number")
            .bind(upload)
            .fetch_all(&self.readers)
            .await
    }

    /// Ends an upload without an object; returns the files of its parts.
    pub(super) async fn abort(&self, upload: &str) -> Result<Vec<String>> {
        let mut tx = self.writer.begin().await?;
        let doomed = end(&mut tx, upload).await?;
        tx.commit().await?;
        Ok(doomed)
    }
}

impl FromRow<'_, SqliteRow> for Object {
    fn from_row(row: &SqliteRow) -> Result<Self> {
        Ok(Self {
            bucket: row.try_get("bucket")?,
            key: row.try_get("key")?,
            file: row.try_get("file")?,
            size: row.try_get("size")?,
            etag: row.try_get("etag")?,
            content_type: row.try_get("content_type")?,
            inline_type: row.try_get("inline_type")?,
            modified_us: row.try_get("modified_us")?,
        })
    }
}

impl FromRow<'_, SqliteRow> for Upload {
    fn from_row(row: &SqliteRow) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            bucket: row.try_get("bucket")?,
            key: row.try_get("key")?,
            content_type: row.try_get("content_type")?,
            created_us: row.try_get("created_us")?,
        })
    }
}

impl FromRow<'_, SqliteRow> for Part {
    fn from_row(row: &SqliteRow) -> Result<Self> {
        Ok(Self {
            upload: row.try_get("upload")?,
            number: row.try_get("number")?,
            file: row.try_get("file")?,
            size: row.try_get("size")?,
            etag: row.try_get("etag")?,
        })
    }
}

async fn replace(tx: &mut Transaction<'_, Sqlite>, object: &Object) -> Result<Vec<String>> {
    let delete = "DELETE FROM object WHERE bucket = ? AND key = ? RETURNING file";
    let replaced: Vec<String> = sqlx::query_scalar(delete)
        .bind(&object.bucket)
        .bind(&object.key)
        .fetch_all(&mut **tx)
        .await?;
    doom_all(tx, &replaced).await?;
    sqlx::query("INSERT INTO object VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(&object.bucket)
        .bind(&object.key)
        .bind(&object.file)
        .bind(object.size)
        .bind(&object.etag)
        .bind(&object.content_type)
        .bind(&object.inline_type)
        .bind(object.modified_us)
        .execute(&mut **tx)
        .await?;
    sqlx::query("DELETE FROM doomed WHERE file = ?")
        .bind(&object.file)
        .execute(&mut **tx)
        .await?;
    Ok(replaced)
}

async fn end(tx: &mut Transaction<'_, Sqlite>, upload: &str) -> Result<Vec<String>> {
    let parts: Vec<String> = sqlx::query_scalar("DELETE FROM part WHERE upload = ? RETURNING file")
        .bind(upload)
        .fetch_all(&mut **tx)
        .await?;
    doom_all(tx, &parts).await?;
    sqlx::query("DELETE FROM upload WHERE id = ?")
        .bind(upload)
        .execute(&mut **tx)
        .await?;
    Ok(parts)
}

async fn doom_all(tx: &mut Transaction<'_, Sqlite>, files: &[String]) -> Result<()> {
    for file in files {
        let insert = "INSERT OR IGNORE INTO doomed (file) VALUES (?)";
        sqlx::query(insert).bind(file).execute(&mut **tx).await?;
    }
    Ok(())
}
