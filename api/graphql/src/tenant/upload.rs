//! Bytes on their way in. They do not come through here: small files in one request
//! (`POST /files/{tenant}/small`), the parts of larger ones straight to the object store.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use tenancy_access::DomainError;
use tenancy_files::{self as files, UploadStartInput as Start};
use tenancy_model::{ErrorCode, FileId, Problem};

use super::file::{self, File};
use crate::{
    Gateway,
    context::{language, tenant},
    enums::{FilePurpose, UploadState},
    error::{ProblemObject, domain, refused},
    id::{parse, print},
    int::{Int53, int},
};

/// An upload of this member.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Upload {
    id: ID,
    name: String,
    /// As announced.
    size_bytes: Int53,
    purpose: FilePurpose,
    /// Bytes of every part but the last.
    part_size_bytes: Int53,
    part_count: i32,
    /// The parts that have arrived, from 1; empty once it is complete.
    received_parts: Vec<i32>,
    state: UploadState,
    /// When it is given up unless it is complete.
    expires_at: DateTime<Utc>,
    #[graphql(skip)]
    refusal: Option<ErrorCode>,
    #[graphql(skip)]
    becomes: Option<FileId>,
}

#[ComplexObject]
impl Upload {
    /// Why it was refused.
    async fn problem(&self, ctx: &Context<'_>) -> Option<ProblemObject> {
        let problem = Problem::new(self.refusal?);
        Some(ProblemObject::new(&problem, language(ctx)))
    }

    /// The file it became, once it is READY; until then nothing can be done with it.
    async fn file(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<File>> {
        match self.becomes {
            Some(id) => file::get(tenant(ctx)?, id).await.map(Some),
            None => Ok(None),
        }
    }
}

impl From<files::Upload> for Upload {
    fn from(upload: files::Upload) -> Self {
        Self {
            id: print(upload.id),
            name: upload.name,
            size_bytes: upload.size_bytes.into(),
            purpose: upload.purpose.into(),
            part_size_bytes: upload.part_size_bytes.into(),
            part_count: int(upload.part_count),
            received_parts: upload.received_parts.into_iter().map(int).collect(),
            state: upload.state.into(),
            expires_at: upload.expires_at,
            refusal: upload.refusal,
            becomes: upload.file,
        }
    }
}

/// What will come. `nonce` is the client's own id of this upload, 8 to 64 characters; the same
/// nonce again answers the first upload, so that a client can go on where it stopped.
#[derive(InputObject)]
pub struct UploadStartInput {
    nonce: String,
    /// The name the file will have, one line.
    name: String,
    size_bytes: Int53,
    #[graphql(default_with = "FilePurpose::Message")]
    purpose: FilePurpose,
}

/// All parts have been sent.
#[derive(InputObject)]
pub struct UploadCompleteInput {
    id: ID,
}

/// It is not wanted any more.
#[derive(InputObject)]
pub struct UploadCancelInput {
    id: ID,
}

/// Where a part is sent to.
#[derive(SimpleObject)]
pub struct UploadPart {
    /// From 1.
    number: i32,
    /// Exactly as many bytes; signed.
    size_bytes: Int53,
    /// By PUT, within 15 minutes.
    url: String,
    /// To be sent as they are; a browser sets `content-length` itself.
    headers: Vec<UploadPartHeader>,
}

/// A header of the request that sends a part.
#[derive(SimpleObject)]
pub struct UploadPartHeader {
    name: String,
    value: String,
}

/// Where the parts are sent to.
#[derive(SimpleObject)]
pub struct UploadPartsPayload {
    problem: Option<ProblemObject>,
    parts: Vec<UploadPart>,
}

/// Declares the payload of a mutation that answers the upload.
macro_rules! payload {
    ($($(#[$doc:meta])* $name:ident),+) => {
        $(
            $(#[$doc])*
            #[derive(SimpleObject)]
            pub struct $name {
                problem: Option<ProblemObject>,
                upload: Option<Upload>,
            }

            impl $name {
                fn of(
                    ctx: &Context<'_>,
                    result: Result<files::Upload, DomainError>,
                ) -> async_graphql::Result<Self> {
                    Ok(match refused(result, language(ctx))? {
                        Ok(upload) => Self { problem: None, upload: Some(upload.into()) },
                        Err(problem) => Self { problem: Some(problem), upload: None },
                    })
                }
            }
        )+
    };
}

payload!(
    /// The upload, started or found by its nonce.
    UploadStartPayload,
    /// It is being checked.
    UploadCompletePayload,
    /// It is given up, and takes no storage any more.
    UploadCancelPayload
);

impl From<files::UploadPart> for UploadPart {
    fn from(part: files::UploadPart) -> Self {
        let headers = part.headers.into_iter();
        Self {
            number: int(part.number),
            size_bytes: part.size_bytes.into(),
            url: part.url,
            headers: headers
                .map(|(name, value)| UploadPartHeader { name, value })
                .collect(),
        }
    }
}

#[derive(Default)]
pub(super) struct UploadQuery;

#[Object]
impl UploadQuery {
    /// One of the caller's own uploads, with the parts that have arrived.
    async fn upload(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Upload>> {
        let (caller, id) = (tenant(ctx)?, parse(&id)?);
        let found = ctx.data::<Gateway>()?.files.get_upload(caller, id);
        let found = found.await.map_err(domain)?;
        Ok(Some(found.into()))
    }

    /// Where parts are sent to; at most 32 `numbers` at once.
    async fn upload_parts(
        &self,
        ctx: &Context<'_>,
        id: ID,
        numbers: Vec<i32>,
    ) -> async_graphql::Result<UploadPartsPayload> {
        let (caller, id) = (tenant(ctx)?, parse(&id)?);
        // No upload has a part of a negative number, or part 0.
        let number = |n: i32| u32::try_from(n).unwrap_or(0);
        let numbers: Vec<u32> = numbers.into_iter().map(number).collect();
        let files = &ctx.data::<Gateway>()?.files;
        let parts = files.upload_parts(caller, id, &numbers).await;
        Ok(match refused(parts, language(ctx))? {
            Ok(parts) => UploadPartsPayload {
                problem: None,
                parts: parts.into_iter().map(Into::into).collect(),
            },
            Err(problem) => UploadPartsPayload {
                problem: Some(problem),
                parts: Vec::new(),
            },
        })
    }
}

#[derive(Default)]
pub(super) struct UploadMutation;

#[Object]
impl UploadMutation {
    /// Begins an upload in parts. Every limit is checked here and named with what is used of it;
    /// the size counts against the company's storage from now on.
    async fn upload_start(
        &self,
        ctx: &Context<'_>,
        input: UploadStartInput,
    ) -> async_graphql::Result<UploadStartPayload> {
        let verb = Start {
            nonce: input.nonce,
            name: input.name,
            size_bytes: input.size_bytes.into(),
            purpose: input.purpose.into(),
            to_partner: false,
        };
        let files = &ctx.data::<Gateway>()?.files;
        UploadStartPayload::of(ctx, files.start_upload(tenant(ctx)?, &verb).await)
    }

    /// Ends an upload whose parts have all arrived, and has the file checked; an `UploadEvent` says
    /// when it is READY or REFUSED.
    async fn upload_complete(
        &self,
        ctx: &Context<'_>,
        input: UploadCompleteInput,
    ) -> async_graphql::Result<UploadCompletePayload> {
        let (caller, id) = (tenant(ctx)?, parse(&input.id)?);
        let files = &ctx.data::<Gateway>()?.files;
        UploadCompletePayload::of(ctx, files.complete_upload(caller, id).await)
    }

    /// Gives an upload up.
    async fn upload_cancel(
        &self,
        ctx: &Context<'_>,
        input: UploadCancelInput,
    ) -> async_graphql::Result<UploadCancelPayload> {
        let (caller, id) = (tenant(ctx)?, parse(&input.id)?);
        let files = &ctx.data::<Gateway>()?.files;
        UploadCancelPayload::of(ctx, files.cancel_upload(caller, id).await)
    }
}
