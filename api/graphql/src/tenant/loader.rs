//! Batched lookups of one request: what fifty conversations ask for is one query, not fifty. Each
//! loader works inside the caller's tenant.

use std::{
    collections::{HashMap, HashSet},
    sync::OnceLock,
};

use async_graphql::{
    Context,
    dataloader::{DataLoader, Loader},
};
use tenancy_access::{DomainError, TenantContext};
use tenancy_chat as chat;
use tenancy_directory::{self as directory, DepartmentCounts};
use tenancy_model::{ConversationId, DepartmentId, ErrorCode, FileId, MemberId};

use super::{department::Department, file, member::Member, message::Entry};
use crate::{
    Gateway,
    context::{TenantRequest, tenant_opt},
    enums::FileState,
    error::{domain, fault},
};

/// The lookups of one request.
pub(crate) struct Loaders(DataLoader<Tenant>);

struct Tenant {
    context: TenantContext,
    presence: std::sync::Arc<chat::Presence>,
}

/// A session that began during this request: its viewer may be asked for right away.
#[derive(Default)]
pub(crate) struct Adopted(OnceLock<TenantContext>);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct DepartmentsOf(MemberId);
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct CountsOf(DepartmentId);
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct IsOnline(MemberId);
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct LastOf(ConversationId, i64);

/// A batch that failed: every field of it gets the same error, which was logged once.
type Failed = ErrorCode;

impl Loaders {
    pub(crate) fn new(context: TenantContext, gateway: &Gateway) -> Self {
        let presence = gateway.presence.clone();
        Self(DataLoader::new(Tenant { context, presence }, tokio::spawn))
    }
}

impl Loader<MemberId> for Tenant {
    type Value = directory::Member;
    type Error = Failed;

    async fn load(&self, ids: &[MemberId]) -> Result<HashMap<MemberId, Self::Value>, Failed> {
        batch("members", async {
            let tx = self.context.store.read().await?;
            Ok(directory::members_by_ids(&tx, ids).await?)
        })
        .await
    }
}

impl Loader<DepartmentsOf> for Tenant {
    type Value = Vec<directory::Department>;
    type Error = Failed;

    async fn load(
        &self,
        keys: &[DepartmentsOf],
    ) -> Result<HashMap<DepartmentsOf, Self::Value>, Failed> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = batch("departments", async {
            let tx = self.context.store.read().await?;
            Ok(directory::departments_of(&tx, &ids).await?)
        });
        Ok(found
            .await?
            .into_iter()
            .map(|(id, all)| (DepartmentsOf(id), all))
            .collect())
    }
}

impl Loader<CountsOf> for Tenant {
    type Value = DepartmentCounts;
    type Error = Failed;

    async fn load(&self, keys: &[CountsOf]) -> Result<HashMap<CountsOf, Self::Value>, Failed> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = batch("department counts", async {
            let tx = self.context.store.read().await?;
            Ok(directory::department_counts(&tx, &ids).await?)
        });
        Ok(found
            .await?
            .into_iter()
            .map(|(id, counts)| (CountsOf(id), counts))
            .collect())
    }
}

impl Loader<IsOnline> for Tenant {
    type Value = ();
    type Error = Failed;

    async fn load(&self, keys: &[IsOnline]) -> Result<HashMap<IsOnline, ()>, Failed> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let online: HashSet<_> = self.presence.online(self.context.tenant_id(), &ids).await;
        Ok(online.into_iter().map(|id| (IsOnline(id), ())).collect())
    }
}

impl Loader<LastOf> for Tenant {
    type Value = chat::Entry;
    type Error = Failed;

    async fn load(&self, keys: &[LastOf]) -> Result<HashMap<LastOf, Self::Value>, Failed> {
        let heads: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let found = batch("last entries", chat::last_entries(&self.context, &heads)).await?;
        let of = |key: &LastOf| Some((key.clone(), found.get(&key.0)?.clone()));
        Ok(keys.iter().filter_map(of).collect())
    }
}

impl Loader<FileId> for Tenant {
    type Value = FileState;
    type Error = Failed;

    async fn load(&self, ids: &[FileId]) -> Result<HashMap<FileId, FileState>, Failed> {
        batch("states of files", file::states(&self.context, ids)).await
    }
}

async fn batch<T>(
    what: &'static str,
    work: impl Future<Output = Result<T, DomainError>>,
) -> Result<T, Failed> {
    work.await.map_err(|error| {
        tracing::error!(what, %error, "a batched lookup failed");
        match error {
            DomainError::Fault(code) => code.into(),
            DomainError::Store(error) if error.is_transient() => ErrorCode::Unavailable,
            _ => ErrorCode::Internal,
        }
    })
}

fn loaders<'a>(ctx: &Context<'a>) -> async_graphql::Result<&'a DataLoader<Tenant>> {
    let request = ctx.data_opt::<TenantRequest>();
    let loaders = request.and_then(|request| request.loaders.as_ref());
    loaders
        .map(|loaders| &loaders.0)
        .ok_or_else(|| fault(ErrorCode::Unauthenticated))
}

/// A colleague by id; nothing when there is none.
pub(super) async fn member(
    ctx: &Context<'_>,
    id: MemberId,
) -> async_graphql::Result<Option<Member>> {
    Ok(loaders(ctx)?
        .load_one(id)
        .await
        .map_err(fault)?
        .map(Member::new))
}

/// The departments a member is in.
pub(super) async fn departments(
    ctx: &Context<'_>,
    id: MemberId,
) -> async_graphql::Result<Vec<Department>> {
    let found = loaders(ctx)?
        .load_one(DepartmentsOf(id))
        .await
        .map_err(fault)?;
    Ok(found
        .unwrap_or_default()
        .into_iter()
        .map(Department::new)
        .collect())
}

/// How many people and departments are below a department.
pub(super) async fn counts(
    ctx: &Context<'_>,
    id: DepartmentId,
) -> async_graphql::Result<DepartmentCounts> {
    let found = loaders(ctx)?.load_one(CountsOf(id)).await.map_err(fault)?;
    Ok(found.unwrap_or_default())
}

/// Whether any device of a member is connected.
pub(super) async fn online(ctx: &Context<'_>, id: MemberId) -> async_graphql::Result<bool> {
    Ok(loaders(ctx)?
        .load_one(IsOnline(id))
        .await
        .map_err(fault)?
        .is_some())
}

/// The last entry of a conversation that the caller may read.
pub(super) async fn last_entry(
    ctx: &Context<'_>,
    id: ConversationId,
    head: i64,
) -> async_graphql::Result<Option<Entry>> {
    Ok(loaders(ctx)?
        .load_one(LastOf(id, head))
        .await
        .map_err(fault)?
        .map(Entry::from))
}

/// Whether a file can still be read; one whose use is no row any more was removed.
pub(super) async fn file_state(ctx: &Context<'_>, id: FileId) -> async_graphql::Result<FileState> {
    let found = loaders(ctx)?.load_one(id).await.map_err(fault)?;
    Ok(found.unwrap_or(FileState::Removed))
}

/// Remembers the session that this request began.
pub(super) fn adopt(ctx: &Context<'_>, context: TenantContext) {
    if let Some(request) = ctx.data_opt::<TenantRequest>() {
        // A second sign-in of one request keeps the first viewer; nobody does that.
        let _first = request.adopted.0.set(context);
    }
}

/// The acting member, also right after a sign-in and before the initial password was changed.
pub(super) async fn own_member(
    ctx: &Context<'_>,
    id: MemberId,
) -> async_graphql::Result<Option<Member>> {
    let adopted = ctx
        .data_opt::<TenantRequest>()
        .and_then(|request| request.adopted.0.get());
    let Some(caller) = adopted.or_else(|| tenant_opt(ctx)) else {
        return Ok(None);
    };
    let found = async {
        let tx = caller.store.read().await?;
        Ok(directory::members_by_ids(&tx, &[id]).await?)
    };
    let mut found = found.await.map_err(domain)?;
    Ok(found.remove(&id).map(Member::new))
}
