//! The files of a batch: locked once, judged row by row, written once. A batch without files asks
//! and writes nothing.

use std::collections::{HashMap, HashSet};

use tenancy_files::attach::{self, AttachState, Attachable, FileUse, FolderUse, MessagePlace};
use tenancy_model::{Attachment, FileId, FileKind};
use tenancy_store::{StoreError, TenantTx};

use super::{batch::Refusal, transaction::SendRow};
use crate::entry::Entry;

/// What is known of the files of a batch, and what becomes of them.
#[derive(Default)]
pub(super) struct FilesOfBatch {
    found: HashMap<FileId, Attachable>,
    taken: HashSet<FileId>,
    uses: Vec<FileUse>,
    folders: Vec<FolderUse>,
}

impl FilesOfBatch {
    /// Locks the files of all rows; after the conversations, so that two processes never wait for
    /// each other.
    pub(super) async fn lock(tx: &TenantTx, rows: &[SendRow]) -> Result<Self, StoreError> {
        let ids: Vec<FileId> = rows.iter().flat_map(|row| row.files.ids()).collect();
        Ok(Self {
            found: attach::lock(tx, &ids).await?,
            ..Self::default()
        })
    }

    /// What the row's message will say of its files.
    pub(super) fn judge(&self, row: &SendRow) -> Result<Vec<Attachment>, Refusal> {
        if row.files.is_empty() {
            return Ok(Vec::new());
        }
        let mut said = Vec::with_capacity(row.files.attachments.len() + 1);
        for id in &row.files.attachments {
            said.push(self.ready(row, *id)?.facts.clone());
        }
        if let Some(folder) = &row.files.folder {
            let mut size_bytes: u64 = 0;
            for (id, _) in &folder.files {
                let file = self.ready(row, *id)?;
                size_bytes = size_bytes.saturating_add(file.facts.size_bytes);
            }
            said.push(Attachment {
                id: folder_id(row),
                kind: FileKind::Folder,
                name: folder.name.clone(),
                size_bytes,
                content_type: None,
                width: None,
                height: None,
                blur: None,
                duration_ms: None,
                files: u32::try_from(folder.files.len()).ok(),
            });
        }
        Ok(said)
    }

    fn ready(&self, row: &SendRow, id: FileId) -> Result<&Attachable, Refusal> {
        let found = self.found.get(&id);
        // Somebody else's is missing.
        let found = found.filter(|file| file.owner == row.author);
        let found = found.ok_or(Refusal::NotFound)?;
        match found.state {
            AttachState::NotReady => Err(Refusal::FileNotReady),
            AttachState::Attached => Err(Refusal::FileAttached),
            AttachState::Ready if self.taken.contains(&id) => Err(Refusal::FileAttached),
            AttachState::Ready => Ok(found),
        }
    }

    /// The files of this row are its message's.
    pub(super) fn take(&mut self, row: &SendRow, entry: &Entry) {
        if row.files.is_empty() {
            return;
        }
        self.taken.extend(row.files.ids());
        let place = MessagePlace {
            conversation: entry.conversation,
            message: entry.id,
            seq: entry.seq,
            at: entry.created_at,
        };
        let file = |id: FileId, folder| FileUse {
            file: id,
            place,
            folder,
        };
        let single = row.files.attachments.iter();
        self.uses.extend(single.map(|id| file(*id, None)));
        let Some(folder) = &row.files.folder else {
            return;
        };
        let said = entry
            .attachments
            .iter()
            .find(|said| said.id == folder_id(row));
        self.folders.push(FolderUse {
            folder: folder_id(row),
            owner: row.author,
            name: folder.name.clone(),
            size_bytes: said.map_or(0, |said| said.size_bytes),
            place,
        });
        let inside = folder.files.iter();
        let inside = inside.map(|(id, path)| file(*id, Some((folder_id(row), path.clone()))));
        self.uses.extend(inside);
    }

    /// Writes what was taken, in the transaction of the messages.
    pub(super) async fn write(&self, tx: &TenantTx) -> Result<(), StoreError> {
        if self.uses.is_empty() {
            return Ok(());
        }
        attach::write(tx, &self.uses, &self.folders).await
    }
}

/// A folder is made with its message: one UUID, two ids.
fn folder_id(row: &SendRow) -> FileId {
    FileId::from(row.id.uuid())
}
