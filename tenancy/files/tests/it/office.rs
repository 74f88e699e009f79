//! A company with files: the services of one process, members, a conversation, and what clients do.

use std::{convert::Infallible, path::PathBuf, sync::Arc};

use bytes::Bytes;
use chrono::TimeDelta;
use futures::{StreamExt as _, stream};
use kernel::{Clock as _, Instant, Rng, SystemRng};
use platform::s3::{BlobRequest, BlobStore, LocalS3, S3Config};
use sea_orm::{ConnectionTrait as _, Statement};
use tenancy_access::{Actor, DomainError, TenantContext, testing::Scene};
use tenancy_files::{
    CHECK_JOB, Disposition, Files, FilesConfig, FilesParts, GrantsInput, REMOVE_JOB, TIDY_JOB,
    Upload, UploadStartInput, Variant,
    attach::{self, FileUse, MessagePlace},
    usage,
};
use tenancy_model::{
    ConversationId, ErrorCode, FileId, FilePurpose, JobId, MemberId, MessageId, Problem, SessionId,
    Surface,
};
use tenancy_store::{
    jobs::JobError,
    testing::{Column, World},
};
use uuid::Uuid;

/// A job that is due.
pub(crate) struct Waiting {
    id: JobId,
    kind: String,
    key: Option<String>,
    body: serde_json::Value,
}

const PUBLIC_URL: &str = "http://chat.test:8080";

pub(crate) struct Office {
    pub(crate) scene: Scene,
    pub(crate) files: Arc<Files>,
    pub(crate) blobs: BlobStore,
    pub(crate) members: Vec<TenantContext>,
    local: Option<LocalS3>,
    _spool: tempfile::TempDir,
}

impl Office {
    pub(crate) async fn open(world: &World) -> Self {
        Self::with(world, FilesConfig::for_testing()).await
    }

    pub(crate) async fn with(world: &World, config: FilesConfig) -> Self {
        let scene = Scene::new(world).await;
        let (blobs, local) = blobs(world).await;
        let spool = tempfile::tempdir().unwrap();
        let parts = FilesParts {
            services: scene.visit.services.clone(),
            blobs: blobs.clone(),
            secret: [7; 32],
            spool: spool.path().to_owned(),
            config,
        };
        let mut members = Vec::new();
        for account in ["anna", "bernd"] {
            let member = scene.person(account, &[]).await;
            members.push(context(&scene, member, account));
        }
        Self {
            files: Files::new(parts).unwrap(),
            scene,
            blobs,
            members,
            local,
            _spool: spool,
        }
    }

    /// The first member.
    pub(crate) fn anna(&self) -> &TenantContext {
        &self.members[0]
    }

    /// The second member.
    pub(crate) fn bernd(&self) -> &TenantContext {
        &self.members[1]
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        self.scene.clock.advance(by);
    }

    pub(crate) fn now(&self) -> Instant {
        self.scene.clock.now()
    }

    /// Bytes counted.
    pub(crate) async fn used(&self) -> u64 {
        usage(&self.scene.job()).await.unwrap().used_bytes
    }

    pub(crate) async fn put(
        &self,
        ctx: &TenantContext,
        nonce: &str,
        body: &[u8],
    ) -> Result<Upload, DomainError> {
        let input = input(nonce, body.len() as u64);
        self.files.put_small(ctx, &input, chunks(body)).await
    }

    /// A file of this content, checked.
    pub(crate) async fn file(&self, ctx: &TenantContext, nonce: &str, body: &[u8]) -> FileId {
        let upload = self.put(ctx, nonce, body).await.unwrap();
        self.work(CHECK_JOB).await;
        let upload = self.files.get_upload(ctx, upload.id).await.unwrap();
        upload.file.unwrap_or_else(|| panic!("{upload:?}"))
    }

    /// Runs every waiting job of a kind that is due, and ends it as the runner would.
    pub(crate) async fn work(&self, kind: &str) -> usize {
        let jobs = self.jobs(kind).await;
        for job in &jobs {
            self.run(job)
                .await
                .unwrap_or_else(|error| panic!("{kind}: {error}"));
            self.forget(job).await;
        }
        jobs.len()
    }

    pub(crate) async fn run(&self, job: &Waiting) -> Result<(), JobError> {
        let store = &self.scene.visit.store;
        match job.kind.as_str() {
            CHECK_JOB => {
                let upload = job.key.as_deref().unwrap().parse().unwrap();
                self.files.check(store, upload).await
            }
            REMOVE_JOB => self.files.remove(job.body.clone()).await,
            TIDY_JOB => self.files.tidy(store).await,
            _ => self.files.reconcile(store).await,
        }
    }

    /// The runner's end of a job: it goes, unless it was replaced meanwhile.
    async fn forget(&self, job: &Waiting) {
        let tx = self.scene.begin().await;
        self.sql(&tx, "DELETE FROM job WHERE id = $1", [job.id.into()])
            .await;
        tx.commit().await.unwrap();
    }

    pub(crate) async fn jobs(&self, kind: &str) -> Vec<Waiting> {
        let tx = self.scene.begin().await;
        let select = Statement::from_sql_and_values(
            tx.get_database_backend(),
            "SELECT id, kind, key, body FROM job WHERE kind = $1 AND due_at <= $2 \
             ORDER BY id",
            [kind.into(), self.now().into()],
        );
        let rows = tx.query_all_raw(select).await.unwrap();
        rows.iter()
            .map(|row| Waiting {
                id: row.try_get("", "id").unwrap(),
                kind: row.try_get("", "kind").unwrap(),
                key: row.try_get("", "key").unwrap(),
                body: row.try_get("", "body").unwrap(),
            })
            .collect()
    }

    pub(crate) async fn sql<const N: usize>(
        &self,
        tx: &tenancy_store::TenantTx,
        text: &str,
        values: [sea_orm::Value; N],
    ) {
        let backend = tx.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, text, values);
        tx.execute_raw(statement).await.unwrap();
    }

    /// All keys of the tenant in the object store.
    pub(crate) async fn keys(&self) -> Vec<String> {
        let tenant = self.scene.visit.store.id().uuid().simple().to_string();
        let page = self.blobs.list(&format!("t/{tenant}/"), None, 1_000).await;
        page.unwrap()
            .blobs
            .into_iter()
            .map(|blob| blob.key)
            .collect()
    }

    /// A message of anna's in a conversation of both, with this file.
    pub(crate) async fn attach(&self, file: FileId, seq: i64) -> MessagePlace {
        let place = MessagePlace {
            conversation: self.conversation(seq, None).await,
            message: MessageId::new(&self.scene.clock, self.rng()),
            seq,
            at: self.now(),
        };
        let tx = self.scene.begin().await;
        let found = attach::lock(&tx, &[file]).await.unwrap();
        assert_eq!(found[&file].state, attach::AttachState::Ready);
        let used = FileUse {
            file,
            place,
            folder: None,
        };
        attach::write(&tx, &[used], &[]).await.unwrap();
        tx.commit().await.unwrap();
        place
    }

    /// A conversation that both have been in from `from_seq`; bernd to `to_seq`.
    pub(crate) async fn conversation(&self, from_seq: i64, to_seq: Option<i64>) -> ConversationId {
        let conversation = ConversationId::new(&self.scene.clock, self.rng());
        let tx = self.scene.begin().await;
        for (n, ctx) in self.members.iter().enumerate() {
            let member = ctx.actor.member().unwrap();
            let to = to_seq.filter(|_| n == 1);
            self.sql(
                &tx,
                "INSERT INTO participant (conversation_id, member_id, from_seq, to_seq, read_seq, \
                 read_count, own_count, own_read, changed_at) \
                 VALUES ($1, $2, $3, $4, 0, 0, 0, 0, $5)",
                [
                    conversation.into(),
                    member.into(),
                    from_seq.into(),
                    to.into(),
                    self.now().into(),
                ],
            )
            .await;
        }
        tx.commit().await.unwrap();
        conversation
    }

    pub(crate) fn rng(&self) -> &dyn Rng {
        &*self.scene.visit.services.rng
    }

    pub(crate) async fn grant(&self, ctx: &TenantContext, file: FileId) -> Option<String> {
        self.grant_of(ctx, file, Variant::Original, Disposition::Attachment)
            .await
            .unwrap()
    }

    pub(crate) async fn grant_of(
        &self,
        ctx: &TenantContext,
        file: FileId,
        variant: Variant,
        disposition: Disposition,
    ) -> Result<Option<String>, DomainError> {
        let input = GrantsInput {
            files: vec![file],
            variant,
            disposition,
        };
        let granted = self.files.grants(ctx, &input).await?.pop();
        Ok(granted.map(|grant| grant.path.split('/').nth(3).unwrap().to_owned()))
    }

    /// The bytes of a file, as its reader gets them.
    pub(crate) async fn read(
        &self,
        ctx: &TenantContext,
        grant: &str,
    ) -> Result<Vec<u8>, DomainError> {
        let download = self.files.open_download(ctx, grant).await?;
        let mut body = download.read(None).await?;
        let mut all = Vec::new();
        while let Some(chunk) = body.next().await {
            all.extend_from_slice(&chunk.unwrap());
        }
        Ok(all)
    }

    /// What a browser does with the address of a part; answers the status.
    pub(crate) async fn send(&self, part: &tenancy_files::UploadPart, body: Vec<u8>) -> u16 {
        match &self.local {
            Some(local) => send_local(local, &part.url, body).await,
            None => send_remote(&part.url, body).await,
        }
    }
}

/// The acting member with a session of its own.
fn context(scene: &Scene, member: MemberId, name: &str) -> TenantContext {
    let services = &scene.visit.services;
    let actor = Actor::Member {
        member,
        name: name.to_owned(),
        session: SessionId::new(&*services.clock, &*services.rng),
        surface: Surface::Member,
        roles: Default::default(),
        permissions: Default::default(),
        must_change_password: false,
    };
    TenantContext {
        actor,
        ..scene.job()
    }
}

async fn blobs(world: &World) -> (BlobStore, Option<LocalS3>) {
    if world.column == Column::Embedded {
        let folder: PathBuf = world.data.join("blobs");
        let clock = Arc::new(world.clock.clone());
        let local = LocalS3::open(&folder, clock, Arc::new(SystemRng))
            .await
            .unwrap();
        return (BlobStore::local(&local, PUBLIC_URL), Some(local));
    }
    let variable = |name: &str| std::env::var(format!("HANSA_TEST_S3_{name}")).unwrap();
    let config = S3Config {
        endpoint: Some(variable("ENDPOINT")),
        region: variable("REGION"),
        bucket: variable("BUCKET"),
        access_key: variable("ACCESS_KEY"),
        secret_key: variable("SECRET_KEY").into(),
        ..S3Config::default()
    };
    (BlobStore::remote(&config).unwrap(), None)
}

async fn send_local(local: &LocalS3, url: &str, body: Vec<u8>) -> u16 {
    let length = body.len().to_string().into_bytes();
    let request = BlobRequest {
        method: "PUT".to_owned(),
        target: url.strip_prefix(PUBLIC_URL).unwrap().to_owned(),
        headers: vec![
            ("host".to_owned(), b"chat.test:8080".to_vec()),
            ("content-length".to_owned(), length),
        ],
        body: stream::iter([Ok::<_, Infallible>(Bytes::from(body))]),
    };
    local.handle(request).await.unwrap().status
}

#[expect(
    clippy::disallowed_methods,
    reason = "a browser, which the one way out refuses to call on this machine"
)]
async fn send_remote(url: &str, body: Vec<u8>) -> u16 {
    platform::tls::install_provider();
    let put = reqwest::Client::new().put(url).body(body);
    put.send().await.unwrap().status().as_u16()
}

pub(crate) fn input(nonce: &str, size_bytes: u64) -> UploadStartInput {
    UploadStartInput {
        nonce: format!("nonce-{nonce}"),
        name: "周报 \"1\".txt".to_owned(),
        size_bytes,
        purpose: FilePurpose::Message,
        to_partner: false,
    }
}

pub(crate) fn chunks(
    body: &[u8],
) -> impl futures::Stream<Item = Result<Bytes, Infallible>> + Send + use<> {
    let all: Vec<_> = body
        .chunks(60_000)
        .map(|c| Ok(Bytes::copy_from_slice(c)))
        .collect();
    stream::iter(all)
}

/// Bytes that no other seed gives.
pub(crate) fn noise(seed: u64, length: usize) -> Vec<u8> {
    let rng: &dyn Rng = &kernel::SeededRng::new(seed);
    let mut bytes = vec![0; length];
    rng.fill(&mut bytes);
    bytes
}

/// What was refused.
pub(crate) fn problem<T: std::fmt::Debug>(result: Result<T, DomainError>) -> Problem {
    match result {
        Err(DomainError::Refused(problem)) => problem,
        other => panic!("not refused: {other:?}"),
    }
}

pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, DomainError>) -> ErrorCode {
    problem(result).code
}

pub(crate) fn is_missing<T>(result: Result<T, DomainError>) -> bool {
    matches!(
        result,
        Err(DomainError::Fault(tenancy_access::FaultCode::NotFound))
    )
}

/// A picture of this size.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([(x % 256) as u8, (y % 256) as u8, 90])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

pub(crate) fn nobody() -> FileId {
    FileId::from(Uuid::from_u128(1))
}
