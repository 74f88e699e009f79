//! Pictures of members and of the company: a square of a picture that was uploaded for it, encoded
//! anew and small. Every colleague may see them (DIR-56).

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QuerySelect as _,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tenancy_access::{
    DomainError, TenantContext,
    audit_log::{Deed, append},
};
use tenancy_model::{
    ErrorCode, EventBody, FileId, FileKind, FilePurpose, FileRemoval, MemberId, ObjectId,
    Permission, Problem, RecordId,
};
use tenancy_store::{
    StoreError, TenantTx,
    record::{self, RecordWrite},
};

use crate::{
    Checked, Download, Files, Variant,
    check::kept,
    entity::{file, file_entry, member},
    files::away,
    keys,
    media::{
        check::PICTURE_BYTES_MAX,
        picture::{Crop, PictureError, Rendered},
    },
    readable,
    remove::{self, Doomed},
    storage::{add_bytes, add_files},
    tidy::end_uses,
};

const LOGO: &str = "company_logo";

#[derive(Serialize, Deserialize)]
struct Logo {
    file: Option<FileId>,
}

/// Which square of which picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureChoice {
    /// A picture that the acting member has uploaded and not used.
    pub file: FileId,
    /// The square, in pixels of the upright picture.
    pub crop: Crop,
}

impl Files {
    /// Sets the acting member's own picture, or removes it; answers the new one.
    ///
    /// # Errors
    /// `NOT_FOUND`; `PICTURE_REQUIRED`; `INVALID_INPUT` for a crop that is not within the picture;
    /// `UNAVAILABLE` while the object store is away.
    pub async fn set_avatar(
        &self,
        ctx: &TenantContext,
        choice: Option<&PictureChoice>,
    ) -> Result<Option<FileId>, DomainError> {
        let me = ctx.require_member()?;
        let new = self.make(ctx, choice, FilePurpose::Avatar).await?;
        let tx = ctx.store.begin().await?;
        let row = member::Entity::find_by_id(me)
            .lock_exclusive()
            .one(&tx)
            .await?;
        let old = row.ok_or(DomainError::NOT_FOUND)?.avatar_id;
        let new = self.place(&tx, ctx, new).await?;
        let change = member::ActiveModel {
            id: Set(me),
            avatar_id: Set(new),
            ..Default::default()
        };
        member::Entity::update(change).exec(&tx).await?;
        self.retire(&tx, old).await?;
        tx.commit().await?;
        // The directory is read again by whoever shows it.
        let version = RecordId::new(ctx.clock(), ctx.rng()).to_string();
        ctx.publish(EventBody::Directory { version }).await;
        Ok(new)
    }

    /// Sets the company's picture, or removes it; answers the new one.
    ///
    /// # Errors
    /// [`DomainError::FORBIDDEN`] without `CompanyManage`; those of [`Files::set_avatar`].
    pub async fn set_company_logo(
        &self,
        ctx: &TenantContext,
        choice: Option<&PictureChoice>,
    ) -> Result<Option<FileId>, DomainError> {
        ctx.require(Permission::CompanyManage)?;
        let new = self.make(ctx, choice, FilePurpose::CompanyLogo).await?;
        let tx = ctx.store.begin().await?;
        tenancy_access::lock_row(&tx, &ctx.services, LOGO).await?;
        let old = logo_in(&tx).await?;
        let new = self.place(&tx, ctx, new).await?;
        let write = RecordWrite {
            id: RecordId::new(ctx.clock(), ctx.rng()),
            kind: LOGO,
            key: LOGO,
            body: &Logo { file: new },
            now: ctx.now(),
        };
        record::put(&tx, write).await?;
        append(&tx, ctx, &Deed::new("company_logo.set")).await?;
        self.retire(&tx, old).await?;
        tx.commit().await?;
        Ok(new)
    }

    /// Opens a member's or the company's picture; any colleague may.
    ///
    /// # Errors
    /// `NOT_FOUND`.
    pub async fn open_avatar(
        &self,
        ctx: &TenantContext,
        id: FileId,
    ) -> Result<Download, DomainError> {
        if ctx.require_member().is_err() {
            ctx.require(Permission::CompanyView)?;
        }
        let tx = ctx.store.read().await?;
        let entry = file_entry::Entity::find_by_id(id)
            .filter(
                file_entry::Column::Purpose.is_in([FilePurpose::Avatar, FilePurpose::CompanyLogo]),
            )
            .filter(file_entry::Column::AttachedAt.is_not_null())
            .filter(file_entry::Column::RemovedAt.is_null())
            .one(&tx)
            .await?
            .ok_or(DomainError::NOT_FOUND)?;
        let ids: Vec<ObjectId> = entry.file_id.into_iter().collect();
        let object = readable::objects_of(&tx, &ids).await?;
        let object = object.into_values().next().ok_or(DomainError::NOT_FOUND)?;
        self.of_object(&entry.name, &object, Variant::Original)
    }

    /// Cuts the square out and stores it, not usable yet.
    async fn make(
        &self,
        ctx: &TenantContext,
        choice: Option<&PictureChoice>,
        purpose: FilePurpose,
    ) -> Result<Option<NewPicture>, DomainError> {
        let Some(choice) = choice else {
            return Ok(None);
        };
        let owner = ctx.require_member()?;
        let source = source(&ctx.store.read().await?, owner, choice.file, purpose).await?;
        let key = source
            .object
            .as_ref()
            .map(|object| object.object_key.as_str());
        let picture = self
            .blobs
            .get_bytes(key.unwrap_or_default(), PICTURE_BYTES_MAX);
        let picture = picture.await.map_err(away)?;
        let square = self
            .pictures
            .avatar(picture, choice.crop)
            .await
            .map_err(refusal)?;
        let object = self.announce_square(ctx, &square).await?;
        let put = self
            .blobs
            .put(&object.object_key, square.content_type, square.bytes);
        put.await.map_err(away)?;
        Ok(Some(NewPicture {
            owner,
            purpose,
            source: choice.file,
            object,
        }))
    }

    async fn announce_square(
        &self,
        ctx: &TenantContext,
        square: &Rendered,
    ) -> Result<file::Model, DomainError> {
        let id = ObjectId::new(ctx.clock(), ctx.rng());
        let size = i64::try_from(square.bytes.len()).unwrap_or(i64::MAX);
        let side = |n: u32| i32::try_from(n).ok();
        let object = file::Model {
            id,
            sha256: Some(Sha256::digest(&square.bytes).to_vec()),
            size_bytes: size,
            stored_bytes: size,
            content_type: square.content_type.to_owned(),
            kind: FileKind::Image,
            object_key: keys::new(ctx.tenant_id(), id.uuid(), ctx.rng()),
            thumbnail_key: None,
            thumbnail_type: None,
            thumbnail_bytes: None,
            poster_key: None,
            poster_bytes: None,
            width: side(square.width),
            height: side(square.height),
            blur: None,
            duration_ms: None,
            checked: Checked::Clean,
            hold: false,
            created_at: ctx.now(),
        };
        self.announce(&ctx.store, object).await
    }

    /// Makes the square usable, as a use of its own, and ends what it was made of.
    async fn place(
        &self,
        tx: &TenantTx,
        ctx: &TenantContext,
        new: Option<NewPicture>,
    ) -> Result<Option<FileId>, DomainError> {
        let Some(new) = new else {
            return Ok(None);
        };
        let source = source(tx, new.owner, new.source, new.purpose).await?;
        let sha256 = new.object.sha256.as_deref().unwrap_or_default();
        let object = match kept(tx, sha256).await? {
            Some(known) => {
                file::Entity::delete_by_id(new.object.id).exec(tx).await?;
                let doomed = Doomed::objects(std::slice::from_ref(&new.object));
                remove::enqueue(tx, &ctx.services, &doomed).await?;
                known
            }
            None => {
                let usable = new.object.clone().into_active_model().reset_all();
                file::Entity::update(usable).exec(tx).await?;
                add_bytes(tx, &ctx.services, new.object.stored_bytes).await?;
                add_files(tx, &ctx.services, 1).await?;
                new.object
            }
        };
        let entry = file_entry::Model {
            id: FileId::new(ctx.clock(), ctx.rng()),
            file_id: Some(object.id),
            size_bytes: object.size_bytes,
            created_at: ctx.now(),
            attached_at: Some(ctx.now()),
            ..source.entry.clone()
        };
        let id = entry.id;
        file_entry::Entity::insert(entry.into_active_model())
            .exec_without_returning(tx)
            .await?;
        file_entry::Entity::delete_by_id(source.entry.id)
            .exec(tx)
            .await?;
        let objects: Vec<ObjectId> = source.entry.file_id.into_iter().collect();
        remove::release(tx, &ctx.services, &objects).await?;
        Ok(Some(id))
    }

    /// The picture before.
    async fn retire(&self, tx: &TenantTx, old: Option<FileId>) -> Result<(), DomainError> {
        let Some(old) = old else {
            return Ok(());
        };
        let rows = file_entry::Entity::find_by_id(old).all(tx).await?;
        Ok(end_uses(tx, &self.services, &rows, FileRemoval::Deleted).await?)
    }
}

/// The company's picture, if it has one; every colleague may know.
///
/// # Errors
/// [`DomainError::FORBIDDEN`] to neither a member nor somebody with `CompanyView`.
pub async fn company_logo(ctx: &TenantContext) -> Result<Option<FileId>, DomainError> {
    if ctx.require_member().is_err() {
        ctx.require(Permission::CompanyView)?;
    }
    Ok(logo_in(&ctx.store.read().await?).await?)
}

async fn logo_in(tx: &TenantTx) -> Result<Option<FileId>, StoreError> {
    let found = record::get::<Logo>(tx, LOGO, LOGO).await?;
    Ok(found.and_then(|record| record.body.file))
}

/// A square that is stored and not usable yet.
struct NewPicture {
    owner: MemberId,
    purpose: FilePurpose,
    source: FileId,
    object: file::Model,
}

/// A picture of the member's own that was uploaded for this.
async fn source(
    tx: &TenantTx,
    owner: MemberId,
    id: FileId,
    purpose: FilePurpose,
) -> Result<readable::Readable, DomainError> {
    let found = readable::find(tx, owner, &[id]).await?.pop();
    let found = found.filter(|found| {
        let entry = &found.entry;
        entry.owner_id == owner && entry.purpose == purpose && entry.attached_at.is_none()
    });
    let found = found.ok_or(DomainError::NOT_FOUND)?;
    if found.entry.kind != FileKind::Image {
        return Err(Problem::field(ErrorCode::PictureRequired, "fileId").into());
    }
    Ok(found)
}

fn refusal(error: PictureError) -> DomainError {
    let code = match error {
        PictureError::TooLarge { .. } => ErrorCode::PictureTooLarge,
        PictureError::Broken(_) => ErrorCode::PictureBroken,
        PictureError::CropOutside { .. } => {
            return Problem::field(ErrorCode::InvalidInput, "crop").into();
        }
        PictureError::Stopped => return DomainError::UNAVAILABLE,
    };
    Problem::field(code, "fileId").into()
}
