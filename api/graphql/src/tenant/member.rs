//! Colleagues, as every member may see them.

use async_graphql::{Context, ID, Object};
use tenancy_access::TenantContext;
use tenancy_directory::{self as directory, MemberFilter};
use tenancy_model::MemberId;

use super::{department::Department, loader};
use crate::{
    context::tenant,
    enums::MemberState,
    error::domain,
    id::{parse, print},
    page::{self, connection},
};

/// A colleague.
pub struct Member(directory::Member);

connection!(MemberConnection, MemberEdge, Member);

impl Member {
    pub(super) fn new(member: directory::Member) -> Self {
        Self(member)
    }

    /// 姓名, for what is called after a person.
    pub(super) fn full_name(&self) -> &str {
        &self.0.name
    }
}

#[Object]
impl Member {
    pub async fn id(&self) -> ID {
        print(self.0.id)
    }
    async fn name(&self) -> &str {
        &self.0.name
    }
    async fn nickname(&self) -> Option<&str> {
        self.0.nickname.as_deref()
    }
    async fn account(&self) -> &str {
        &self.0.account
    }
    async fn position(&self) -> Option<&str> {
        self.0.position.as_deref()
    }
    async fn signature(&self) -> Option<&str> {
        self.0.signature.as_deref()
    }
    /// Their picture: `/files/{tenant}/avatar/{avatarId}`; null without one (DIR-56).
    async fn avatar_id(&self) -> Option<ID> {
        self.0.avatar.map(print)
    }
    async fn departments(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Department>> {
        loader::departments(ctx, self.0.id).await
    }
    async fn state(&self) -> MemberState {
        self.0.state.into()
    }
    /// As the profile card shows it.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }
    /// As the profile card shows it.
    async fn mobile(&self) -> Option<&str> {
        self.0.mobile.as_deref()
    }
    /// Whether any device of theirs is connected.
    async fn online(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        loader::online(ctx, self.0.id).await
    }
}

/// One colleague; `NOT_FOUND` when there is none that the caller may see.
pub(super) async fn get(caller: &TenantContext, id: MemberId) -> async_graphql::Result<Member> {
    directory::member(caller, id)
        .await
        .map(Member)
        .map_err(domain)
}

#[derive(Default)]
pub(super) struct MemberQuery;

#[Object]
impl MemberQuery {
    /// The people a member may see. `search` matches name, account, pinyin in full and initials.
    async fn members(
        &self,
        ctx: &Context<'_>,
        search: Option<String>,
        department_id: Option<ID>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
    ) -> async_graphql::Result<MemberConnection> {
        let caller = tenant(ctx)?;
        let department = department_id.as_ref().map(parse).transpose()?;
        let filter = MemberFilter { search, department };
        let request = page::request(first, after.clone())?;
        let found = directory::members(caller, &filter, &request)
            .await
            .map_err(domain)?;
        Ok(MemberConnection::new(found, after.as_ref(), Member))
    }

    /// One colleague.
    async fn member(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Member>> {
        get(tenant(ctx)?, parse(&id)?).await.map(Some)
    }
}
