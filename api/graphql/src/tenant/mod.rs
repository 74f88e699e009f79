//! /graphql: members and a tenant's administrators. A resolver here holds a `TenantContext`, which
//! cannot see another tenant. One file per noun.

mod audit;
mod company;
mod conversation;
mod department;
mod file;
mod file_policy;
pub(crate) mod loader;
mod mail;
mod member;
mod member_record;
mod message;
mod picture;
mod security;
mod session;
mod subscription;
mod upload;
mod viewer;

use std::str::FromStr;

use async_graphql::{Context, ID, Interface, MergedObject, Object};
use tenancy_access::TenantContext;
use tenancy_model::{
    ConversationId, DepartmentId, ErrorCode, FileId, MailId, MemberId, MessageId, SessionId,
    TenantId,
};

use crate::{context::tenant, error::fault};

pub use subscription::Subscription;

/// Queries of /graphql.
#[derive(MergedObject, Default)]
pub struct TenantQuery(
    NodeQuery,
    viewer::ViewerQuery,
    company::CompanyQuery,
    department::DepartmentQuery,
    member::MemberQuery,
    member_record::MemberRecordQuery,
    conversation::ConversationQuery,
    file::FileQuery,
    file_policy::FilePolicyQuery,
    upload::UploadQuery,
    session::SessionQuery,
    security::SecurityQuery,
    mail::MailQuery,
    audit::AuditQuery,
);

/// Mutations of /graphql.
#[derive(MergedObject, Default)]
pub struct TenantMutation(
    viewer::ViewerMutation,
    company::CompanyMutation,
    department::DepartmentMutation,
    member_record::MemberRecordMutation,
    conversation::ConversationMutation,
    message::MessageMutation,
    upload::UploadMutation,
    file_policy::FilePolicyMutation,
    picture::PictureMutation,
    session::SessionMutation,
    security::SecurityMutation,
);

/// Something with an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID"))]
pub enum Node {
    /// The company.
    Company(company::Company),
    /// A department.
    Department(department::Department),
    /// A colleague.
    Member(member::Member),
    /// A conversation.
    Conversation(conversation::Conversation),
    /// An entry of a log.
    Entry(message::Entry),
    /// A file.
    File(file::File),
    /// A session.
    Session(session::Session),
    /// A mail.
    Mail(mail::Mail),
}

#[derive(Default)]
struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Anything with an id; `NOT_FOUND` when it does not exist in this company, or is not the
    /// caller's to see.
    async fn node(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Node>> {
        node(tenant(ctx)?, &id).await.map(Some)
    }
}

async fn node(caller: &TenantContext, id: &str) -> async_graphql::Result<Node> {
    fn is<T: FromStr>(id: &str) -> Option<T> {
        id.parse().ok()
    }
    if let Some(id) = is::<MemberId>(id) {
        return member::get(caller, id).await.map(Into::into);
    }
    if let Some(id) = is::<ConversationId>(id) {
        return conversation::get(caller, id).await.map(Into::into);
    }
    if let Some(id) = is::<MessageId>(id) {
        return message::get(caller, id).await.map(Into::into);
    }
    if let Some(id) = is::<FileId>(id) {
        return file::get(caller, id).await.map(Into::into);
    }
    if let Some(id) = is::<DepartmentId>(id) {
        return department::get(caller, id).await.map(Into::into);
    }
    if let Some(id) = is::<SessionId>(id) {
        return session::get(caller, id).await.map(Into::into);
    }
    if let Some(id) = is::<MailId>(id) {
        return mail::get(caller, id).await.map(Into::into);
    }
    match is::<TenantId>(id) {
        Some(id) if id == caller.tenant_id() => Ok(company::Company(caller.clone()).into()),
        _ => Err(fault(ErrorCode::NotFound)),
    }
}
