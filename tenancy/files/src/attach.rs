//! For chat's commit: the files of messages are locked, judged and written in the transaction of
//! the messages, so that a file is part of one message or of none.
//!
//! The caller locks conversations first, then calls [`lock`] once with all ids of its batch, judges
//! row by row (a file that an earlier row of the batch took is taken), and calls [`write`] once.

use std::collections::HashMap;

use kernel::Instant;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
    sea_query::{Expr, ExprTrait as _, IntoIden as _, Query, TableRef, UpdateStatement},
};
use tenancy_model::{
    Attachment, ConversationId, FileId, FileKind, FilePurpose, MemberId, MessageId, UploadId,
    UploadState,
};
use tenancy_store::{
    StoreError, TenantTx,
    rows::{ROWS, RowTime, RowType, Rows},
};

use crate::{
    entity::{file, file_entry, upload},
    view,
};

/// Files that are locked by one query.
const IDS_PER_QUERY: usize = 1_000;

/// Whether a file can become part of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachState {
    /// Yes.
    Ready,
    /// It is being checked: `FILE_NOT_READY`.
    NotReady,
    /// It is part of a message: `FILE_ATTACHED`.
    Attached,
}

/// A file that somebody wants to attach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachable {
    /// Whose; to everybody else it is missing.
    pub owner: MemberId,
    /// Whether it can be attached.
    pub state: AttachState,
    /// What the message will say of it.
    pub facts: Attachment,
}

/// A file becomes part of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileUse {
    /// Which.
    pub file: FileId,
    /// Of which message.
    pub place: MessagePlace,
    /// In which folder of the message, and its path there.
    pub folder: Option<(FileId, String)>,
}

/// A folder becomes part of a message; its files are [`FileUse`]s that name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderUse {
    /// A new id.
    pub folder: FileId,
    /// Whose.
    pub owner: MemberId,
    /// Its name.
    pub name: String,
    /// Of all its files.
    pub size_bytes: u64,
    /// Of which message.
    pub place: MessagePlace,
}

/// A message that carries files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessagePlace {
    /// Where.
    pub conversation: ConversationId,
    /// Which.
    pub message: MessageId,
    /// Its place in the log.
    pub seq: i64,
    /// When it was written.
    pub at: Instant,
}

/// Locks these files in the order of their ids and tells what each is; one that is missing, removed
/// or no attachment is not in the answer.
///
/// # Errors
/// The database refused.
pub async fn lock(
    tx: &TenantTx,
    ids: &[FileId],
) -> Result<HashMap<FileId, Attachable>, StoreError> {
    // A full batch of full folders has more ids than a statement takes parameters.
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    let mut found = HashMap::with_capacity(ids.len());
    for part in ids.chunks(IDS_PER_QUERY) {
        found.extend(lock_part(tx, part).await?);
    }
    Ok(found)
}

async fn lock_part(
    tx: &TenantTx,
    ids: &[FileId],
) -> Result<HashMap<FileId, Attachable>, StoreError> {
    let entries = file_entry::Entity::find()
        .filter(file_entry::Column::Id.is_in(ids.iter().copied()))
        .filter(file_entry::Column::Purpose.eq(FilePurpose::Message))
        .filter(file_entry::Column::RemovedAt.is_null())
        .order_by_asc(file_entry::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    let objects: Vec<_> = entries.iter().filter_map(|entry| entry.file_id).collect();
    let objects: HashMap<_, _> = file::Entity::find()
        .filter(file::Column::Id.is_in(objects))
        .all(tx)
        .await?
        .into_iter()
        .map(|object| (object.id, object))
        .collect();
    let mut found: HashMap<FileId, Attachable> = entries
        .iter()
        // A folder is made by its message and is part of no other.
        .filter(|entry| entry.kind != FileKind::Folder)
        .map(|entry| {
            let object = entry.file_id.and_then(|id| objects.get(&id));
            let state = match entry.attached_at {
                None => AttachState::Ready,
                Some(_) => AttachState::Attached,
            };
            let attachable = Attachable {
                owner: entry.owner_id,
                state,
                facts: view::facts(entry, object),
            };
            (entry.id, attachable)
        })
        .collect();
    let missing: Vec<FileId> = ids
        .iter()
        .copied()
        .filter(|id| !found.contains_key(id))
        .collect();
    found.extend(unready(tx, &missing).await?);
    Ok(found)
}

/// Uploads that will be files under these ids.
async fn unready(tx: &TenantTx, ids: &[FileId]) -> Result<Vec<(FileId, Attachable)>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids = ids.iter().map(|id| UploadId::from(id.uuid()));
    let rows = upload::Entity::find()
        .filter(upload::Column::Id.is_in(ids))
        .filter(upload::Column::State.is_in([UploadState::Receiving, UploadState::Checking]))
        .all(tx)
        .await?;
    let unready = rows.into_iter().map(|row| {
        let id = FileId::from(row.id.uuid());
        let facts = Attachment {
            id,
            kind: FileKind::File,
            name: row.name,
            size_bytes: u64::try_from(row.size_bytes).unwrap_or(0),
            content_type: None,
            width: None,
            height: None,
            blur: None,
            duration_ms: None,
            files: None,
        };
        let attachable = Attachable {
            owner: row.member_id,
            state: AttachState::NotReady,
            facts,
        };
        (id, attachable)
    });
    Ok(unready.collect())
}

/// Writes that files and folders are part of messages: one statement for all files, and one for
/// all folders.
///
/// # Errors
/// The database refused; nothing of this transaction can be kept.
pub async fn write(
    tx: &TenantTx,
    uses: &[FileUse],
    folders: &[FolderUse],
) -> Result<(), StoreError> {
    if !folders.is_empty() {
        let rows = folders.iter().map(folder_row);
        file_entry::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
    }
    if uses.is_empty() {
        return Ok(());
    }
    tx.execute(&update(tx, uses)?).await?;
    Ok(())
}

fn folder_row(folder: &FolderUse) -> file_entry::ActiveModel {
    let place = folder.place;
    file_entry::ActiveModel {
        id: Set(folder.folder),
        file_id: Set(None),
        owner_id: Set(folder.owner),
        purpose: Set(FilePurpose::Message),
        name: Set(folder.name.clone()),
        kind: Set(FileKind::Folder),
        size_bytes: Set(i64::try_from(folder.size_bytes).unwrap_or(i64::MAX)),
        folder_id: Set(None),
        path: Set(None),
        conversation_id: Set(Some(place.conversation)),
        message_id: Set(Some(place.message)),
        seq: Set(Some(place.seq)),
        created_at: Set(place.at),
        attached_at: Set(Some(place.at)),
        removed_at: Set(None),
        removed_why: Set(None),
    }
}

fn update(tx: &TenantTx, uses: &[FileUse]) -> Result<UpdateStatement, StoreError> {
    const COLUMNS: &[(&str, RowType)] = &[
        ("id", RowType::Id),
        ("conversation_id", RowType::Id),
        ("message_id", RowType::Id),
        ("seq", RowType::Integer),
        ("attached_at", RowType::Time),
        ("folder_id", RowType::Id),
        ("path", RowType::Text),
    ];
    let rows: Vec<_> = uses
        .iter()
        .map(|used| {
            (
                used.file.uuid(),
                used.place.conversation.uuid(),
                used.place.message.uuid(),
                used.place.seq,
                RowTime(used.place.at),
                used.folder.as_ref().map(|(folder, _)| folder.uuid()),
                used.folder.as_ref().map(|(_, path)| path.as_str()),
            )
        })
        .collect();
    let rows = Rows::new(COLUMNS, &rows)?.select(tx.get_database_backend());
    let mut update = Query::update();
    update.table("file_entry");
    for (column, _) in COLUMNS.iter().skip(1) {
        update.value(*column, Expr::col((ROWS, *column)));
    }
    update
        .from(TableRef::SubQuery(Box::new(rows), ROWS.into_iden()))
        .and_where(Expr::col(("file_entry", "id")).equals((ROWS, "id")));
    Ok(update)
}
