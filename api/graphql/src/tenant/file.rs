//! Files: what readers of a message are told of one, and permission to read its bytes.

use std::collections::HashMap;

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use tenancy_access::TenantContext;
use tenancy_files::{self as files, GrantsInput};
use tenancy_model::{Attachment, ErrorCode, FileId};

use super::loader;
use crate::{
    Gateway,
    context::{language, tenant},
    enums::{FileDisposition, FileKind, FileState, FileVariant},
    error::{ProblemObject, domain, fault, refused},
    id::{parse, print},
    int::{Int53, int},
};

/// A file, or a folder of files. All but `state` never changes, and nothing depends on who asks.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct File {
    #[graphql(owned)]
    pub(super) id: ID,
    #[graphql(skip)]
    key: FileId,
    #[graphql(skip)]
    known: Option<FileState>,
    /// As it was named, in any script; one line.
    name: String,
    kind: FileKind,
    /// Of the file, or of all files of a folder.
    size_bytes: Int53,
    /// By its content; null for a folder.
    content_type: Option<String>,
    /// In pixels, of pictures and videos.
    width: Option<i32>,
    /// In pixels, of pictures and videos.
    height: Option<i32>,
    /// A blurred preview: a thumbhash in base64.
    blur: Option<String>,
    /// In milliseconds, of videos and sound.
    duration_ms: Option<i32>,
    /// How many files a folder has.
    file_count: Option<i32>,
}

#[ComplexObject]
impl File {
    /// Whether it can still be read; its message stays when it cannot.
    async fn state(&self, ctx: &Context<'_>) -> async_graphql::Result<FileState> {
        match self.known {
            Some(state) => Ok(state),
            None => loader::file_state(ctx, self.key).await,
        }
    }
}

impl File {
    /// As a message says that is being heard for the first time.
    pub(super) fn heard(facts: Attachment) -> Self {
        Self {
            known: Some(FileState::Available),
            ..facts.into()
        }
    }
}

/// As a message says that is read now: whether the file is still there is looked up when asked for.
impl From<Attachment> for File {
    fn from(facts: Attachment) -> Self {
        Self {
            id: print(facts.id),
            key: facts.id,
            known: None,
            name: facts.name,
            kind: facts.kind.into(),
            size_bytes: facts.size_bytes.into(),
            content_type: facts.content_type,
            width: facts.width.map(int),
            height: facts.height.map(int),
            blur: facts.blur,
            duration_ms: facts.duration_ms.map(int),
            file_count: facts.files.map(int),
        }
    }
}

impl From<files::File> for File {
    fn from(file: files::File) -> Self {
        Self {
            known: Some(file.state.into()),
            ..file.facts.into()
        }
    }
}

/// Which files, and how.
#[derive(InputObject)]
pub struct FileGrantsInput {
    /// At most 100; what is missing, gone or not the caller's to read is left out of the answer.
    file_ids: Vec<ID>,
    /// A file without such an object is left out of the answer.
    #[graphql(default_with = "FileVariant::Original")]
    variant: FileVariant,
    #[graphql(default_with = "FileDisposition::Inline")]
    disposition: FileDisposition,
}

/// The permission of this session to read one file.
#[derive(SimpleObject)]
pub struct FileGrant {
    file_id: ID,
    /// A path under this deployment's address, with the name that the file is saved by. Good for
    /// this session alone.
    url: String,
    expires_at: DateTime<Utc>,
}

/// What may be read.
#[derive(SimpleObject)]
pub struct FileGrantsPayload {
    problem: Option<ProblemObject>,
    /// In the order asked for.
    grants: Vec<FileGrant>,
}

/// One file; `NOT_FOUND` when the caller may not read it.
pub(super) async fn get(caller: &TenantContext, id: FileId) -> async_graphql::Result<File> {
    let mut found = files::files(caller, &[id]).await.map_err(domain)?;
    let found = found.pop().ok_or_else(|| fault(ErrorCode::NotFound))?;
    Ok(found.into())
}

/// Whether these files can still be read.
pub(super) async fn states(
    caller: &TenantContext,
    ids: &[FileId],
) -> Result<HashMap<FileId, FileState>, tenancy_access::DomainError> {
    let found = files::states(caller, ids).await?;
    Ok(found
        .into_iter()
        .map(|(id, state)| (id, state.into()))
        .collect())
}

#[derive(Default)]
pub(super) struct FileQuery;

#[Object]
impl FileQuery {
    /// Addresses for this session to read files under, for ten minutes. Where the company allows
    /// looking alone, anything else is refused (`DOWNLOAD_OFF`).
    async fn file_grants(
        &self,
        ctx: &Context<'_>,
        input: FileGrantsInput,
    ) -> async_graphql::Result<FileGrantsPayload> {
        let caller = tenant(ctx)?;
        let verb = GrantsInput {
            files: input.file_ids.iter().map(parse).collect::<Result<_, _>>()?,
            variant: input.variant.into(),
            disposition: input.disposition.into(),
        };
        let granted = ctx.data::<Gateway>()?.files.grants(caller, &verb);
        Ok(match refused(granted.await, language(ctx))? {
            Ok(grants) => FileGrantsPayload {
                problem: None,
                grants: grants
                    .into_iter()
                    .map(|grant| FileGrant {
                        file_id: print(grant.file),
                        url: grant.path,
                        expires_at: grant.expires_at,
                    })
                    .collect(),
            },
            Err(problem) => FileGrantsPayload {
                problem: Some(problem),
                grants: Vec::new(),
            },
        })
    }
}
