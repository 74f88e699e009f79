//! The check: an upload is read once, and becomes a file or is refused. Hash, type and antivirus
//! see the same pass; a picture is encoded anew, a video gets a poster; equal content of the same
//! tenant becomes one object.

use std::path::PathBuf;

use bytes::Bytes;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _, QuerySelect as _,
};
use tenancy_access::DomainError;
use tenancy_model::{ErrorCode, FileId, FileKind, FilePurpose, ObjectId, UploadId, UploadState};
use tenancy_store::{TenantStore, TenantTx, jobs::JobError};

use crate::{
    Checked, Files,
    entity::{file, file_entry, upload},
    keys,
    media::{
        antivirus::Scan,
        check::{MediaError, MediaInput, MediaReport, check},
        picture::{PictureError, Rendered},
        video::VideoFacts,
    },
    remove::{self, Doomed},
    storage::{add_bytes, add_files},
    upload::{advance, bytes, event},
};

/// Kind of the job that checks an upload; its key is the upload's id.
pub const CHECK_JOB: &str = "file.check";
/// Tries of the last step, when others settle equal content at the same moment.
const SETTLE_TRIES_MAX: usize = 3;

/// What a check made of an upload, before it is stored.
#[derive(Default)]
struct Made {
    /// In place of what was uploaded.
    picture: Option<Rendered>,
    thumbnail: Option<Rendered>,
    poster: Option<Bytes>,
    blur: Option<String>,
    facts: VideoFacts,
    /// Nothing was made, because equal content was there.
    folds: bool,
}

/// A temporary file that goes with its check.
struct Spool(PathBuf);

impl Drop for Spool {
    fn drop(&mut self) {
        // Mostly it was never made; one that stays goes at the next start.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// How a check ended without a file.
enum Stop {
    Refused(ErrorCode),
    Again(JobError),
}

impl From<MediaError> for Stop {
    fn from(error: MediaError) -> Self {
        match error {
            MediaError::SizeMismatch { .. } => Self::Refused(ErrorCode::SizeMismatch),
            MediaError::PictureTooLarge { .. } => Self::Refused(ErrorCode::PictureTooLarge),
            error => Self::Again(JobError::Retry(error.to_string())),
        }
    }
}

impl From<PictureError> for Stop {
    fn from(error: PictureError) -> Self {
        match error {
            PictureError::TooLarge { .. } => Self::Refused(ErrorCode::PictureTooLarge),
            PictureError::Broken(_) | PictureError::CropOutside { .. } => {
                Self::Refused(ErrorCode::PictureBroken)
            }
            PictureError::Stopped => Self::Again(JobError::Retry(error.to_string())),
        }
    }
}

fn again(error: DomainError) -> JobError {
    match error {
        DomainError::Store(error) => JobError::Store(error),
        error => JobError::Retry(error.to_string()),
    }
}

impl Files {
    /// The job [`CHECK_JOB`]. Running it again, at whatever step it was left, ends the same.
    ///
    /// # Errors
    /// To be tried again: the object store, the antivirus or a database is away.
    pub async fn check(&self, store: &TenantStore, id: UploadId) -> Result<(), JobError> {
        let permit = self.workers.acquire().await;
        let _permit = permit.map_err(|error| JobError::Retry(error.to_string()))?;
        let Some(row) = find(store, id).await.map_err(again)? else {
            return Ok(());
        };
        let checked = match self.look(store, &row).await {
            Ok((report, made)) => self.keep(store, &row, &report, &made).await,
            Err(Stop::Refused(code)) => self.refuse(store, &row, code).await,
            Err(Stop::Again(error)) => return Err(error),
        };
        checked.map_err(again)
    }

    /// One pass over the object, and what is made of a picture or a video.
    async fn look(
        &self,
        store: &TenantStore,
        row: &upload::Model,
    ) -> Result<(MediaReport, Made), Stop> {
        let retry = |error: String| Stop::Again(JobError::Retry(error));
        let blob = self.blobs.get(&row.object_key).await;
        let blob = blob.map_err(|error| retry(error.to_string()))?;
        let spool = Spool(self.spool.join(format!("{}.video", row.id)));
        let input = MediaInput {
            size_bytes: bytes(row.size_bytes),
            antivirus: self.antivirus.as_ref(),
            spool: self.video.as_ref().map(|_| spool.0.as_path()),
        };
        let mut report = check(blob.stream(), &input).await?;
        if matches!(report.scan, Some(Scan::Infected { .. })) {
            return Err(Stop::Refused(ErrorCode::Infected));
        }
        let is_picture = report.sniffed.kind == FileKind::Image;
        if row.purpose != FilePurpose::Message && !is_picture {
            return Err(Stop::Refused(ErrorCode::PictureRequired));
        }
        let tx = store
            .read()
            .await
            .map_err(|error| Stop::Again(error.into()))?;
        let known = of_content(&report.sha256).count(&tx).await;
        drop(tx);
        if known.map_err(|error| Stop::Again(again(error.into())))? > 0 {
            // It will be folded: nothing has to be made.
            report.picture = None;
            let made = Made {
                folds: true,
                ..Made::default()
            };
            return Ok((report, made));
        }
        let made = match report.picture.take() {
            Some(picture) => {
                let prepared = self.pictures.prepare(picture).await?;
                Made {
                    picture: Some(prepared.picture),
                    thumbnail: Some(prepared.thumbnail),
                    blur: Some(prepared.blur),
                    ..Made::default()
                }
            }
            None if report.spooled => self.watch(&spool).await,
            None => Made::default(),
        };
        Ok((report, made))
    }

    /// What ffmpeg makes of a video; without it, or when it fails, a plain file.
    async fn watch(&self, spool: &Spool) -> Made {
        let Some(tools) = &self.video else {
            return Made::default();
        };
        let facts = tools.facts(&spool.0).await.unwrap_or_default();
        let mut made = Made {
            facts,
            ..Made::default()
        };
        let Ok(poster) = tools.poster(&spool.0, &facts).await else {
            return made;
        };
        if let Ok(prepared) = self.pictures.prepare(poster.clone()).await {
            made.poster = Some(poster);
            made.thumbnail = Some(prepared.thumbnail);
            made.blur = Some(prepared.blur);
        }
        made
    }

    /// 1. The row with the keys of what will be stored, not usable yet.
    /// 2. The objects.
    /// 3. The file, its first use and the upload's end, in one transaction.
    async fn keep(
        &self,
        store: &TenantStore,
        row: &upload::Model,
        report: &MediaReport,
        made: &Made,
    ) -> Result<(), DomainError> {
        let object = self.object(store, row, report, made).await?; // 1
        self.put_made(&object, made).await?; // 2
        for _ in 0..SETTLE_TRIES_MAX {
            match self.settle(store, row, (&object, made)).await {
                // 3
                Err(DomainError::Store(error)) if error.is_unique_violation() => {}
                settled => return settled,
            }
        }
        Err(DomainError::UNAVAILABLE)
    }

    async fn object(
        &self,
        store: &TenantStore,
        row: &upload::Model,
        report: &MediaReport,
        made: &Made,
    ) -> Result<file::Model, DomainError> {
        let new_key = || keys::new(store.id(), row.id.uuid(), &*self.services.rng);
        let length = |bytes: &Bytes| i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let size_bytes = match &made.picture {
            Some(picture) => length(&picture.bytes),
            None => row.size_bytes,
        };
        let more = made.thumbnail.as_ref().map_or(0, |t| length(&t.bytes))
            + made.poster.as_ref().map_or(0, length);
        let shown = made.picture.as_ref();
        let pixels = |n: Option<u32>| n.and_then(|n| i32::try_from(n).ok());
        let object = file::Model {
            id: ObjectId::from(row.id.uuid()),
            sha256: Some(report.sha256.to_vec()),
            size_bytes,
            stored_bytes: size_bytes + more,
            content_type: shown
                .map_or(report.sniffed.content_type, |picture| picture.content_type)
                .to_owned(),
            kind: report.sniffed.kind,
            object_key: match shown {
                Some(_) => new_key(),
                None => row.object_key.clone(),
            },
            thumbnail_key: made.thumbnail.as_ref().map(|_| new_key()),
            thumbnail_type: made.thumbnail.as_ref().map(|t| t.content_type.to_owned()),
            thumbnail_bytes: made.thumbnail.as_ref().map(|t| length(&t.bytes)),
            poster_key: made.poster.as_ref().map(|_| new_key()),
            poster_bytes: made.poster.as_ref().map(length),
            width: pixels(shown.map(|picture| picture.width).or(made.facts.width)),
            height: pixels(shown.map(|picture| picture.height).or(made.facts.height)),
            blur: made.blur.clone(),
            duration_ms: made.facts.duration_ms.and_then(|ms| i64::try_from(ms).ok()),
            checked: match report.scan {
                Some(Scan::Clean) => Checked::Clean,
                _ => Checked::Unchecked,
            },
            hold: false,
            created_at: self.services.clock.now(),
        };
        if object.thumbnail_key.is_none() && shown.is_none() {
            return Ok(object);
        }
        self.announce(store, object).await
    }

    /// Writes down which objects will be made, unless a check before this one has.
    pub(crate) async fn announce(
        &self,
        store: &TenantStore,
        object: file::Model,
    ) -> Result<file::Model, DomainError> {
        let tx = store.begin().await?;
        let before = file::Entity::find_by_id(object.id).one(&tx).await?;
        if let Some(before) = before {
            // Each is written over by the same bytes.
            return Ok(file::Model {
                object_key: before.object_key,
                thumbnail_key: before.thumbnail_key.or(object.thumbnail_key),
                poster_key: before.poster_key.or(object.poster_key),
                ..object
            });
        }
        let unusable = file::Model {
            sha256: None,
            ..object.clone()
        };
        file::Entity::insert(unusable.into_active_model())
            .exec_without_returning(&tx)
            .await?;
        tx.commit().await?;
        Ok(object)
    }

    async fn put_made(&self, object: &file::Model, made: &Made) -> Result<(), DomainError> {
        let thumbnail = object.thumbnail_key.as_deref().zip(made.thumbnail.as_ref());
        let picture = made
            .picture
            .as_ref()
            .map(|p| (object.object_key.as_str(), p));
        for (key, rendered) in picture.into_iter().chain(thumbnail) {
            let put = self
                .blobs
                .put(key, rendered.content_type, rendered.bytes.clone());
            put.await.map_err(crate::files::away)?;
        }
        if let (Some(key), Some(poster)) = (object.poster_key.as_deref(), &made.poster) {
            let put = self.blobs.put(key, "image/jpeg", poster.clone());
            put.await.map_err(crate::files::away)?;
        }
        Ok(())
    }

    async fn settle(
        &self,
        store: &TenantStore,
        row: &upload::Model,
        (object, made): (&file::Model, &Made),
    ) -> Result<(), DomainError> {
        let (tx, now) = (store.begin().await?, self.services.clock.now());
        let step = (UploadState::Checking, UploadState::Ready);
        if !advance(&tx, row, step, None, now).await? {
            return Ok(());
        }
        let sha256 = object.sha256.as_deref().unwrap_or_default();
        let used = match kept(&tx, sha256).await? {
            Some(known) => {
                self.fold(&tx, row, object).await?;
                known
            }
            // It went meanwhile. A picture as it came would still say where it was taken: the
            // next try makes what this one left out.
            None if made.folds => return Err(DomainError::UNAVAILABLE),
            None => {
                self.store(&tx, row, object).await?;
                object.clone()
            }
        };
        let entry = file_entry::Model {
            id: FileId::from(row.id.uuid()),
            file_id: Some(used.id),
            owner_id: row.member_id,
            purpose: row.purpose,
            name: row.name.clone(),
            kind: used.kind,
            size_bytes: used.size_bytes,
            folder_id: None,
            path: None,
            conversation_id: None,
            message_id: None,
            seq: None,
            created_at: now,
            attached_at: None,
            removed_at: None,
            removed_why: None,
        };
        file_entry::Entity::insert(entry.into_active_model())
            .exec_without_returning(&tx)
            .await?;
        tx.commit().await?;
        let told = event(row, UploadState::Ready);
        self.services.publish(store.id(), told).await;
        Ok(())
    }

    /// Equal content is there: what came, and what was made of it, goes again.
    async fn fold(
        &self,
        tx: &TenantTx,
        row: &upload::Model,
        object: &file::Model,
    ) -> Result<(), DomainError> {
        file::Entity::delete_by_id(object.id).exec(tx).await?;
        add_bytes(tx, &self.services, -row.size_bytes).await?;
        let mut doomed = Doomed::objects(std::slice::from_ref(object));
        doomed.add(&row.object_key);
        Ok(remove::enqueue(tx, &self.services, &doomed).await?)
    }

    async fn store(
        &self,
        tx: &TenantTx,
        row: &upload::Model,
        object: &file::Model,
    ) -> Result<(), DomainError> {
        let announced = file::Entity::find_by_id(object.id).one(tx).await?;
        let active = object.clone().into_active_model();
        match announced {
            None => {
                file::Entity::insert(active)
                    .exec_without_returning(tx)
                    .await?;
            }
            Some(_) => {
                active.reset_all().update(tx).await?;
            }
        }
        let difference = object.stored_bytes - row.size_bytes;
        add_bytes(tx, &self.services, difference).await?;
        add_files(tx, &self.services, 1).await?;
        if object.object_key != row.object_key {
            let doomed = Doomed::object(&row.object_key);
            remove::enqueue(tx, &self.services, &doomed).await?;
        }
        Ok(())
    }

    /// The upload ends without a file: its bytes are given back and removed.
    async fn refuse(
        &self,
        store: &TenantStore,
        row: &upload::Model,
        code: ErrorCode,
    ) -> Result<(), DomainError> {
        let tx = store.begin().await?;
        let step = (UploadState::Checking, UploadState::Refused);
        if !advance(&tx, row, step, Some(code), self.services.clock.now()).await? {
            return Ok(());
        }
        let mut doomed = Doomed::object(&row.object_key);
        let announced = file::Entity::find_by_id(ObjectId::from(row.id.uuid()));
        if let Some(object) = announced.one(&tx).await? {
            file::Entity::delete_by_id(object.id).exec(&tx).await?;
            doomed = Doomed::objects(std::slice::from_ref(&object));
            doomed.add(&row.object_key);
        }
        add_bytes(&tx, &self.services, -row.size_bytes).await?;
        remove::enqueue(&tx, &self.services, &doomed).await?;
        tx.commit().await?;
        metrics::counter!("files_refused_total", "code" => code.code()).increment(1);
        let told = event(row, UploadState::Refused);
        self.services.publish(store.id(), told).await;
        Ok(())
    }
}

/// An upload that waits for its check.
async fn find(store: &TenantStore, id: UploadId) -> Result<Option<upload::Model>, DomainError> {
    let row = upload::Entity::find_by_id(id)
        .one(&store.read().await?)
        .await?;
    Ok(row.filter(|row| row.state == UploadState::Checking))
}

fn of_content(sha256: &[u8]) -> sea_orm::Select<file::Entity> {
    file::Entity::find().filter(file::Column::Sha256.eq(sha256))
}

/// The tenant's object of this content, held until the end of the transaction.
pub(crate) async fn kept(tx: &TenantTx, sha256: &[u8]) -> Result<Option<file::Model>, DomainError> {
    Ok(of_content(sha256).lock_exclusive().one(tx).await?)
}
