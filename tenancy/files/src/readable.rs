//! Who may read which file: the owner of one that is attached nowhere; of a message's, whoever had
//! that message in an interval of their membership, as with the log itself. Always an active
//! member; missing, foreign and gone are the same.

use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use tenancy_access::{DomainError, TenantContext};
use tenancy_model::{
    ConversationId, FileId, FileKind, FilePurpose, MemberId, MemberState, ObjectId,
};
use tenancy_store::TenantTx;

use crate::{
    File,
    download::Variant,
    entity::{file, file_entry, member, participant},
    media::sniff::INLINE,
    view,
};

/// A file that the asking member may read now.
#[derive(Debug, Clone)]
pub(crate) struct Readable {
    pub(crate) entry: file_entry::Model,
    /// None for a folder.
    pub(crate) object: Option<file::Model>,
}

impl Readable {
    /// The key of one of its objects.
    pub(crate) fn key(&self, variant: Variant) -> Option<&str> {
        let object = self.object.as_ref()?;
        match variant {
            Variant::Original => Some(&object.object_key),
            Variant::Thumbnail => object.thumbnail_key.as_deref(),
            Variant::Poster => object.poster_key.as_deref(),
            Variant::Zip => None,
        }
    }

    /// Whether a browser shows its original and runs nothing of it.
    pub(crate) fn may_be_inline(&self) -> bool {
        let object = self.object.as_ref();
        object.is_some_and(|object| INLINE.contains(&object.content_type.as_str()))
    }
}

/// Those of these files that `member` may read now, in the order asked for.
pub(crate) async fn find(
    tx: &TenantTx,
    member: MemberId,
    ids: &[FileId],
) -> Result<Vec<Readable>, DomainError> {
    let entries = allowed(tx, member, ids).await?;
    let entries: Vec<_> = entries
        .into_iter()
        .filter(|entry| entry.removed_at.is_none())
        .collect();
    let objects: Vec<ObjectId> = entries.iter().filter_map(|entry| entry.file_id).collect();
    let objects = objects_of(tx, &objects).await?;
    let readable = |entry: file_entry::Model| {
        let object = entry.file_id.and_then(|id| objects.get(&id)).cloned();
        let whole = object.is_some() || entry.kind == FileKind::Folder;
        whole.then_some(Readable { entry, object })
    };
    Ok(entries.into_iter().filter_map(readable).collect())
}

pub(crate) async fn objects_of(
    tx: &TenantTx,
    ids: &[ObjectId],
) -> Result<HashMap<ObjectId, file::Model>, DomainError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = file::Entity::find()
        .filter(file::Column::Id.is_in(ids.iter().copied()))
        .filter(file::Column::Sha256.is_not_null())
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Those of these uses that `member` may know of, removed ones too, in the order asked for.
async fn allowed(
    tx: &TenantTx,
    member: MemberId,
    ids: &[FileId],
) -> Result<Vec<file_entry::Model>, DomainError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let me = member::Entity::find_by_id(member).one(tx).await?;
    if me.is_none_or(|me| me.state != MemberState::Active) {
        return Ok(Vec::new());
    }
    let mut found: HashMap<FileId, file_entry::Model> = file_entry::Entity::find()
        .filter(file_entry::Column::Id.is_in(ids.iter().copied()))
        .all(tx)
        .await?
        .into_iter()
        .map(|entry| (entry.id, entry))
        .collect();
    let conversations: HashSet<ConversationId> = found
        .values()
        .filter_map(|entry| entry.conversation_id)
        .collect();
    let intervals = intervals(tx, member, conversations).await?;
    found.retain(|_, entry| is_allowed(entry, member, &intervals));
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

async fn intervals(
    tx: &TenantTx,
    member: MemberId,
    conversations: HashSet<ConversationId>,
) -> Result<Vec<participant::Model>, DomainError> {
    if conversations.is_empty() {
        return Ok(Vec::new());
    }
    Ok(participant::Entity::find()
        .filter(participant::Column::MemberId.eq(member))
        .filter(participant::Column::ConversationId.is_in(conversations))
        .all(tx)
        .await?)
}

fn is_allowed(
    entry: &file_entry::Model,
    member: MemberId,
    intervals: &[participant::Model],
) -> bool {
    match (entry.purpose, entry.conversation_id, entry.seq) {
        (FilePurpose::Message, Some(conversation), Some(seq)) => intervals.iter().any(|interval| {
            interval.conversation_id == conversation
                && interval.from_seq <= seq
                && interval.to_seq.is_none_or(|to| seq <= to)
        }),
        _ => entry.owner_id == member,
    }
}

/// Files that the acting member may know of, in the order asked for; also those that are gone,
/// which say so. What is missing, or not theirs to know, is left out.
///
/// # Errors
/// [`DomainError::FORBIDDEN`] to anybody but a member.
pub async fn files(ctx: &TenantContext, ids: &[FileId]) -> Result<Vec<File>, DomainError> {
    let member = ctx.require_member()?;
    let tx = ctx.store.read().await?;
    let entries = allowed(&tx, member, ids).await?;
    let objects: Vec<ObjectId> = entries.iter().filter_map(|entry| entry.file_id).collect();
    let objects = objects_of(&tx, &objects).await?;
    let mut files = Vec::with_capacity(entries.len());
    for entry in entries {
        let object = entry.file_id.and_then(|id| objects.get(&id));
        let mut facts = view::facts(&entry, object);
        if entry.kind == FileKind::Folder {
            let inside = members(&tx, entry.id).await?.len();
            facts.files = u32::try_from(inside).ok();
        }
        let state = view::state(entry.removed_why);
        files.push(File { facts, state });
    }
    Ok(files)
}

/// The files of a folder.
pub(crate) async fn members(
    tx: &TenantTx,
    folder: FileId,
) -> Result<Vec<file_entry::Model>, DomainError> {
    use sea_orm::QueryOrder as _;
    Ok(file_entry::Entity::find()
        .filter(file_entry::Column::FolderId.eq(folder))
        .order_by_asc(file_entry::Column::Path)
        .order_by_asc(file_entry::Column::Id)
        .all(tx)
        .await?)
}
