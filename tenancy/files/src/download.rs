//! Reading: a grant is opened, everything that it says is looked up again, and the bytes come
//! through us. Nothing is asked of the object store before they are wanted, so that a HEAD, a
//! conditional request or a wrong range costs nothing there.

use std::ops::RangeInclusive;

use bytes::Bytes;
use futures::{Stream, StreamExt as _, TryStreamExt as _, stream};
use kernel::Instant;
use platform::s3::{BlobError, BlobStore, BlobStream};
use tenancy_access::{DomainError, TenantContext};
use tenancy_model::{FileId, FileKind, limits::FOLDER_FILES_MAX};
use tenancy_store::TenantTx;

use crate::{
    Files,
    entity::file,
    files::away,
    grant::{Claims, GrantsInput, is_preview},
    media::{
        sniff::INLINE,
        zip::{ZipEntry, zip},
    },
    policy::policy_in,
    readable::{self, Readable},
    upload::bytes,
};

/// What nobody knows anything of.
const UNKNOWN_TYPE: &str = "application/octet-stream";

/// Which of a file's objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Variant {
    /// The file.
    Original,
    /// Of a picture or a video.
    Thumbnail,
    /// Of a video.
    Poster,
    /// A folder as one file.
    Zip,
}

/// What a browser does with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Disposition {
    /// Shows it, where that is safe.
    Inline,
    /// Saves it.
    Attachment,
}

impl Variant {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Original => 0,
            Self::Thumbnail => 1,
            Self::Poster => 2,
            Self::Zip => 3,
        }
    }

    pub(crate) fn of(code: u8) -> Option<Self> {
        let all = [Self::Original, Self::Thumbnail, Self::Poster, Self::Zip];
        all.into_iter().find(|variant| variant.code() == code)
    }
}

/// Bytes as they come.
pub type BodyStream = std::pin::Pin<Box<dyn Stream<Item = Result<Bytes, BodyError>> + Send>>;

/// The bytes ended before their end.
#[derive(Debug, thiserror::Error)]
#[error("the bytes of a file ended early: {0}")]
pub struct BodyError(String);

/// A file that is about to be read.
pub struct Download {
    /// The name that it is saved by; any script.
    pub name: String,
    /// Sniffed when it came in.
    pub content_type: String,
    /// None for a zip, whose size is known when it is done.
    pub size_bytes: Option<u64>,
    /// Without quotation marks; none for a zip.
    pub etag: Option<String>,
    /// Whether a browser may show it: it was asked for, and nothing of it can run.
    pub inline: bool,
    /// When it was uploaded.
    pub changed_at: Instant,
    source: Source,
}

enum Source {
    Object(BlobStore, String),
    Folder(BlobStore, Vec<Part>),
}

/// A file of a folder.
struct Part {
    path: String,
    size_bytes: u64,
    changed_at: Instant,
    key: String,
}

impl Download {
    /// Its bytes, or some of them: from the first to the last that is wanted, which it has to have.
    ///
    /// # Errors
    /// `NOT_FOUND` when it went a moment ago; `UNAVAILABLE` while the object store is away.
    pub async fn read(self, range: Option<RangeInclusive<u64>>) -> Result<BodyStream, DomainError> {
        match self.source {
            Source::Object(blobs, key) => {
                let found = match range {
                    Some(range) => blobs.get_range(&key, range).await,
                    None => blobs.get(&key).await.map(|blob| blob.stream()),
                };
                let body = found.map_err(gone_or_away)?;
                Ok(Box::pin(body.map_err(|error| BodyError(error.to_string()))))
            }
            Source::Folder(blobs, parts) => Ok(zipped(blobs, parts)),
        }
    }
}

fn gone_or_away(error: BlobError) -> DomainError {
    match error {
        BlobError::NotFound => DomainError::NOT_FOUND,
        error => away(error),
    }
}

/// One object after the other, none of them before its turn.
fn zipped(blobs: BlobStore, parts: Vec<Part>) -> BodyStream {
    let entries = stream::iter(parts).then(move |part| {
        let blobs = blobs.clone();
        async move {
            let body: BlobStream = blobs.get(&part.key).await?.stream();
            Ok::<_, BlobError>(ZipEntry {
                path: part.path,
                size_bytes: part.size_bytes,
                changed_at: part.changed_at,
                body,
            })
        }
    });
    let zip = zip(entries).map(|chunk| chunk.map_err(|error| BodyError(error.to_string())));
    Box::pin(zip)
}

impl Files {
    /// Opens what a grant is for. Expired, foreign, tampered with, or for something that the member
    /// may not read any more: all the same.
    ///
    /// # Errors
    /// `NOT_FOUND`.
    pub async fn open_download(
        &self,
        ctx: &TenantContext,
        grant: &str,
    ) -> Result<Download, DomainError> {
        let claims = self.grant_key.open(grant).ok_or(DomainError::NOT_FOUND)?;
        let member = ctx.require_member()?;
        let theirs = claims.tenant == ctx.tenant_id()
            && claims.member == member
            && Some(claims.session) == ctx.actor.session()
            && claims.expires_at > ctx.now();
        if !theirs {
            return Err(DomainError::NOT_FOUND);
        }
        let tx = ctx.store.read().await?;
        let found = readable::find(&tx, member, &[claims.file]).await?.pop();
        let found = found.ok_or(DomainError::NOT_FOUND)?;
        let input = GrantsInput {
            files: vec![claims.file],
            variant: claims.variant,
            disposition: claims.disposition,
        };
        if policy_in(&tx).await?.preview_only && !is_preview(&found, &input) {
            return Err(DomainError::NOT_FOUND);
        }
        match claims.variant {
            Variant::Zip => self.folder(&tx, &found).await,
            _ => self.granted(&found, &claims),
        }
    }

    fn granted(&self, found: &Readable, claims: &Claims) -> Result<Download, DomainError> {
        let object = found.object.as_ref().ok_or(DomainError::NOT_FOUND)?;
        let mut download = self.of_object(&found.entry.name, object, claims.variant)?;
        download.inline &= claims.disposition == Disposition::Inline;
        Ok(download)
    }

    /// One of the objects of this row.
    pub(crate) fn of_object(
        &self,
        name: &str,
        object: &file::Model,
        variant: Variant,
    ) -> Result<Download, DomainError> {
        let (key, content_type, size) = match variant {
            Variant::Original => (
                Some(&object.object_key),
                Some(object.content_type.as_str()),
                Some(object.size_bytes),
            ),
            Variant::Thumbnail => (
                object.thumbnail_key.as_ref(),
                object.thumbnail_type.as_deref(),
                object.thumbnail_bytes,
            ),
            Variant::Poster => (
                object.poster_key.as_ref(),
                Some("image/jpeg"),
                object.poster_bytes,
            ),
            Variant::Zip => (None, None, None),
        };
        let key = key.ok_or(DomainError::NOT_FOUND)?;
        let content_type = content_type.unwrap_or(UNKNOWN_TYPE);
        Ok(Download {
            name: name.to_owned(),
            inline: INLINE.contains(&content_type),
            content_type: content_type.to_owned(),
            size_bytes: size.map(bytes),
            // A key is new for every object, and its end says nothing about it.
            etag: key.rsplit_once('-').map(|(_, fresh)| fresh.to_owned()),
            changed_at: object.created_at,
            source: Source::Object(self.blobs.clone(), key.clone()),
        })
    }

    async fn folder(&self, tx: &TenantTx, found: &Readable) -> Result<Download, DomainError> {
        if found.entry.kind != FileKind::Folder {
            return Err(DomainError::NOT_FOUND);
        }
        let folder = found.entry.id;
        let mut parts = Vec::new();
        for (entry, object) in self.folder_objects(tx, folder).await? {
            parts.push(Part {
                path: entry.path.unwrap_or(entry.name),
                size_bytes: bytes(object.size_bytes),
                changed_at: entry.created_at,
                key: object.object_key,
            });
        }
        Ok(Download {
            name: format!("{}.zip", found.entry.name),
            content_type: "application/zip".to_owned(),
            size_bytes: None,
            etag: None,
            inline: false,
            changed_at: found.entry.created_at,
            source: Source::Folder(self.blobs.clone(), parts),
        })
    }

    /// The files of a folder that are still there.
    async fn folder_objects(
        &self,
        tx: &TenantTx,
        folder: FileId,
    ) -> Result<Vec<(crate::entity::file_entry::Model, file::Model)>, DomainError> {
        let members = readable::members(tx, folder).await?;
        let ids: Vec<_> = members.iter().filter_map(|entry| entry.file_id).collect();
        let objects = readable::objects_of(tx, &ids).await?;
        let whole = members.into_iter().take(FOLDER_FILES_MAX);
        Ok(whole
            .filter_map(|entry| {
                let object = entry.file_id.and_then(|id| objects.get(&id)).cloned();
                object.map(|object| (entry, object))
            })
            .collect())
    }
}
