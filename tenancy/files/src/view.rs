//! What readers are told of a file.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait as _, DeriveActiveEnum, EntityTrait as _, EnumIter, QueryFilter as _,
    QuerySelect as _,
};
use tenancy_access::{DomainError, TenantContext};
use tenancy_model::{Attachment, FileId, FileRemoval, FileState};

use crate::entity::{file, file_entry};

/// Whether the antivirus has looked at an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Checked {
    /// It found nothing.
    Clean,
    /// None was configured.
    Unchecked,
}

/// A file, as whoever may read it sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// What it is; the same as the message says that carries it.
    pub facts: Attachment,
    /// Whether it can still be read.
    pub state: FileState,
}

/// Whether these files can still be read; ids that are none of the tenant's are left out. For
/// readers of messages, which say everything else themselves.
///
/// # Errors
/// The database refused.
pub async fn states(
    ctx: &TenantContext,
    ids: &[FileId],
) -> Result<HashMap<FileId, FileState>, DomainError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let tx = ctx.store.read().await?;
    let rows: Vec<(FileId, Option<FileRemoval>)> = file_entry::Entity::find()
        .select_only()
        .column(file_entry::Column::Id)
        .column(file_entry::Column::RemovedWhy)
        .filter(file_entry::Column::Id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(&tx)
        .await?;
    Ok(rows.into_iter().map(|(id, why)| (id, state(why))).collect())
}

pub(crate) fn state(why: Option<FileRemoval>) -> FileState {
    match why {
        None => FileState::Available,
        Some(FileRemoval::Expired) => FileState::Expired,
        Some(FileRemoval::Deleted) => FileState::Removed,
    }
}

/// What a message says of a use of an object.
pub(crate) fn facts(entry: &file_entry::Model, object: Option<&file::Model>) -> Attachment {
    let pixels = |n: Option<i32>| n.and_then(|n| u32::try_from(n).ok());
    Attachment {
        id: entry.id,
        kind: entry.kind,
        name: entry.name.clone(),
        size_bytes: u64::try_from(entry.size_bytes).unwrap_or(0),
        content_type: object.map(|object| object.content_type.clone()),
        width: pixels(object.and_then(|object| object.width)),
        height: pixels(object.and_then(|object| object.height)),
        blur: object.and_then(|object| object.blur.clone()),
        duration_ms: object
            .and_then(|object| object.duration_ms)
            .and_then(|ms| u64::try_from(ms).ok()),
        files: None,
    }
}
