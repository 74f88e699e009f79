//! How each operation of both schemas is called with ids of the caller's own. Whoever adds an
//! operation adds its line here; the walk fails until then.

use serde_json::{Value, json};

use super::scene::{Kind, Own};

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// Anybody.
    Public,
    /// Whoever has a session of this schema.
    Session,
}

/// Where an operation takes ids.
pub(super) enum Takes {
    /// These, each once with an id of each kind.
    Ids(&'static [(&'static str, Kind)]),
    /// These, and what is missing is left out of the answer: a list of many shows what there is.
    LeftOut(&'static [(&'static str, Kind)]),
    /// This one, which nobody has a tenant for yet: whoever knows it, it is theirs; `called.rs`
    /// calls it.
    Secret(&'static str),
    /// None, and calling it as oneself changes nothing that the walk needs.
    NoId,
    /// None of a tenant's: `called.rs` says what stands in the place of one.
    Called,
}

/// One operation.
pub(super) struct Line {
    pub(super) name: &'static str,
    pub(super) door: Door,
    pub(super) takes: Takes,
    /// All arguments, with own ids.
    pub(super) arguments: fn(&Own) -> Value,
}

const fn line(name: &'static str, door: Door, takes: Takes, arguments: fn(&Own) -> Value) -> Line {
    Line {
        name,
        door,
        takes,
        arguments,
    }
}

fn nothing(_: &Own) -> Value {
    json!({})
}

use Door::{Public, Session};
use Takes::{Called, Ids, LeftOut, NoId, Secret};

/// Any kind that has a node.
const NODES: &[(&str, Kind)] = &[
    ("id", Kind::Tenant),
    ("id", Kind::Member),
    ("id", Kind::Department),
    ("id", Kind::Session),
    ("id", Kind::Conversation),
    ("id", Kind::Message),
    ("id", Kind::Mail),
    ("id", Kind::File),
];

/// Queries of /graphql.
pub(super) const TENANT_QUERIES: &[Line] = &[
    line(
        "node",
        Session,
        Ids(NODES),
        |own| json!({ "id": own.member }),
    ),
    line("viewer", Public, NoId, nothing),
    line("passwordRule", Session, NoId, nothing),
    line("company", Session, NoId, nothing),
    line(
        "departments",
        Session,
        Ids(&[("parentId", Kind::Department)]),
        |own| json!({ "parentId": own.department }),
    ),
    line(
        "department",
        Session,
        Ids(&[("id", Kind::Department)]),
        |own| json!({ "id": own.department }),
    ),
    line(
        "members",
        Session,
        Ids(&[("departmentId", Kind::Department)]),
        |own| json!({ "departmentId": own.department }),
    ),
    line(
        "member",
        Session,
        Ids(&[("id", Kind::Member)]),
        |own| json!({ "id": own.member }),
    ),
    line(
        "memberRecords",
        Session,
        Ids(&[("departmentId", Kind::Department)]),
        |own| json!({ "departmentId": own.department }),
    ),
    line(
        "memberRecord",
        Session,
        Ids(&[("id", Kind::Member)]),
        |own| json!({ "id": own.member }),
    ),
    line("conversations", Session, NoId, nothing),
    line(
        "conversation",
        Session,
        Ids(&[("id", Kind::Conversation)]),
        |own| json!({ "id": own.conversation }),
    ),
    line("sync", Session, NoId, nothing),
    line(
        "sessions",
        Session,
        Ids(&[("memberId", Kind::Member)]),
        |own| json!({ "memberId": own.member }),
    ),
    line(
        "fileGrants",
        Session,
        LeftOut(&[("input.fileIds[]", Kind::File)]),
        |_| json!({ "input": { "fileIds": [] } }),
    ),
    line("filePolicy", Session, NoId, nothing),
    line("storageUsage", Session, NoId, nothing),
    line(
        "upload",
        Session,
        Ids(&[("id", Kind::Upload)]),
        |own| json!({ "id": own.upload }),
    ),
    line(
        "uploadParts",
        Session,
        Ids(&[("id", Kind::Upload)]),
        |own| json!({ "id": own.upload, "numbers": [1] }),
    ),
    line("securitySettings", Session, NoId, nothing),
    line("mails", Session, NoId, nothing),
    line("auditLog", Session, NoId, nothing),
];

/// Mutations of /graphql.
pub(super) const TENANT_MUTATIONS: &[Line] = &[
    line("signIn", Public, Called, |own| {
        json!({ "input": { "tenant": own.host_name, "account": "nobody", "password": "wrong",
            "surface": "MEMBER" } })
    }),
    line(
        "passwordForgot",
        Public,
        Called,
        |own| json!({ "input": { "tenant": own.host_name, "account": "nobody" } }),
    ),
    line("passwordSet", Public, Called, |own| {
        json!({ "input": {
                "tenant": own.host_name, "token": "none", "password": "Colleague-1",
            } })
    }),
    line("signOut", Session, Called, nothing),
    line(
        "passwordChange",
        Session,
        Called,
        |_| json!({ "input": { "oldPassword": "Wrong-2026", "newPassword": "Other-2026" } }),
    ),
    line(
        "languageSet",
        Session,
        NoId,
        |_| json!({ "language": "EN" }),
    ),
    line(
        "companyUpdate",
        Session,
        NoId,
        |_| json!({ "input": { "shortName": "Alpha" } }),
    ),
    line(
        "superPasswordSet",
        Session,
        Called,
        |_| json!({ "input": { "ownPassword": "Wrong-2026", "newPassword": "Super-2026" } }),
    ),
    line(
        "departmentCreate",
        Session,
        Ids(&[("input.parentId", Kind::Department)]),
        |own| {
            json!({ "input": {
                "parentId": own.department, "name": own.fresh, "orderNumber": 1,
            } })
        },
    ),
    line(
        "departmentUpdate",
        Session,
        Ids(&[
            ("input.id", Kind::Department),
            ("input.parentId", Kind::OtherDepartment),
        ]),
        |own| {
            json!({ "input": { "id": own.department, "name": own.fresh,
                "parentId": own.other_department } })
        },
    ),
    line(
        "departmentDelete",
        Session,
        Ids(&[("input.id", Kind::Department)]),
        |own| json!({ "input": { "id": own.department } }),
    ),
    line(
        "memberCreate",
        Session,
        Ids(&[("input.departmentIds[]", Kind::Department)]),
        |own| {
            json!({ "input": { "name": "Alpha", "account": own.fresh, "slip": true,
            "departmentIds": [own.department] } })
        },
    ),
    line(
        "memberUpdate",
        Session,
        Ids(&[
            ("input.id", Kind::Member),
            ("input.departmentIds[]", Kind::Department),
        ]),
        |own| {
            json!({ "input": { "id": own.member, "name": "Alpha Two",
                "departmentIds": [own.department] } })
        },
    ),
    line(
        "memberPasswordReset",
        Session,
        Ids(&[("input.id", Kind::Member)]),
        |own| json!({ "input": { "id": own.member, "slip": true } }),
    ),
    line(
        "memberUnlock",
        Session,
        Ids(&[("input.id", Kind::Member)]),
        |own| json!({ "input": { "id": own.member } }),
    ),
    line(
        "memberAuthorize",
        Session,
        Ids(&[("input.id", Kind::Member)]),
        |own| json!({ "input": { "id": own.member } }),
    ),
    line(
        "memberUnauthorize",
        Session,
        Ids(&[("input.id", Kind::Member)]),
        |own| json!({ "input": { "id": own.member } }),
    ),
    line(
        "memberStateSet",
        Session,
        Ids(&[("input.id", Kind::Member)]),
        |own| json!({ "input": { "id": own.member, "state": "DISABLED" } }),
    ),
    line(
        "memberRolesSet",
        Session,
        Ids(&[("input.id", Kind::Member)]),
        |own| json!({ "input": { "id": own.member, "roles": ["MEMBER", "ADMINISTRATOR"] } }),
    ),
    line(
        "conversationOpenDirect",
        Session,
        Ids(&[("input.memberId", Kind::Member)]),
        |own| json!({ "input": { "memberId": own.member } }),
    ),
    line(
        "readMarkMove",
        Session,
        Ids(&[("input.conversationId", Kind::Conversation)]),
        |own| json!({ "input": { "conversationId": own.conversation, "seq": 1 } }),
    ),
    line(
        "messageSend",
        Session,
        Ids(&[
            ("input.conversationId", Kind::Conversation),
            ("input.attachmentIds[]", Kind::FreshFile),
            ("input.folder.files[].fileId", Kind::FolderFile),
        ]),
        |own| {
            json!({ "input": { "conversationId": own.conversation, "nonce": own.fresh,
            "text": "alpha", "attachmentIds": [own.fresh_file], "folder": {
            "name": "alpha", "files": [{ "fileId": own.folder_file, "path": "a.txt" }] } } })
        },
    ),
    line(
        "uploadStart",
        Session,
        NoId,
        |own| json!({ "input": { "nonce": own.fresh, "name": "alpha.txt", "sizeBytes": 5 } }),
    ),
    line(
        "uploadComplete",
        Session,
        Ids(&[("input.id", Kind::Upload)]),
        |own| json!({ "input": { "id": own.upload } }),
    ),
    line(
        "uploadCancel",
        Session,
        Ids(&[("input.id", Kind::Upload)]),
        |own| json!({ "input": { "id": own.upload } }),
    ),
    line(
        "filePolicyUpdate",
        Session,
        NoId,
        |_| json!({ "input": { "largeFiles": true } }),
    ),
    line(
        "memberAvatarSet",
        Session,
        Ids(&[("input.fileId", Kind::Avatar)]),
        |own| json!({ "input": { "fileId": own.avatar, "crop": { "x": 0, "y": 0, "size": 8 } } }),
    ),
    line(
        "companyLogoSet",
        Session,
        Ids(&[("input.fileId", Kind::Logo)]),
        |own| json!({ "input": { "fileId": own.logo, "crop": { "x": 0, "y": 0, "size": 8 } } }),
    ),
    line(
        "sessionRevoke",
        Session,
        Ids(&[("input.id", Kind::Session)]),
        |own| json!({ "input": { "id": own.session } }),
    ),
    line(
        "securitySettingsUpdate",
        Session,
        NoId,
        |_| json!({ "input": { "signInByMobile": true } }),
    ),
];

/// Subscriptions of /graphql.
pub(super) const TENANT_SUBSCRIPTIONS: &[Line] = &[line("events", Session, Called, nothing)];

/// Queries of /platform/graphql; a session is an operator's.
pub(super) const PLATFORM_QUERIES: &[Line] = &[
    line(
        "node",
        Session,
        Ids(&[("id", Kind::Tenant), ("id", Kind::PlatformMail)]),
        |own| json!({ "id": own.tenant }),
    ),
    line("deployment", Public, NoId, nothing),
    line(
        "hostNameCheck",
        Public,
        NoId,
        |_| json!({ "hostName": "charlie" }),
    ),
    line("mails", Session, NoId, nothing),
    line(
        "mail",
        Session,
        Ids(&[("id", Kind::PlatformMail)]),
        |own| json!({ "id": own.platform_mail }),
    ),
    line("viewer", Public, NoId, nothing),
    line("summary", Session, NoId, nothing),
    line("tenants", Session, NoId, nothing),
    line(
        "tenant",
        Session,
        Ids(&[("id", Kind::Tenant)]),
        |own| json!({ "id": own.tenant }),
    ),
    line("shards", Session, NoId, nothing),
];

/// Mutations of /platform/graphql.
pub(super) const PLATFORM_MUTATIONS: &[Line] = &[
    line("signupStart", Public, Called, nothing),
    line("signupResend", Public, Secret("input.signupId"), nothing),
    line("signupConfirm", Public, Secret("input.signupId"), nothing),
    line("operatorClaim", Public, Called, nothing),
    line("operatorSignIn", Public, Called, nothing),
    line("signOut", Session, Called, nothing),
    line(
        "tenantSuspend",
        Session,
        Ids(&[("input.id", Kind::Tenant)]),
        |own| json!({ "input": { "id": own.tenant, "reason": "a test" } }),
    ),
    line(
        "tenantResume",
        Session,
        Ids(&[("input.id", Kind::Tenant)]),
        |own| json!({ "input": { "id": own.tenant } }),
    ),
    line(
        "tenantVerify",
        Session,
        Ids(&[("input.id", Kind::Tenant)]),
        |own| json!({ "input": { "id": own.tenant } }),
    ),
    line(
        "tenantMigrate",
        Session,
        Ids(&[("input.id", Kind::Tenant)]),
        |own| json!({ "input": { "id": own.tenant } }),
    ),
];

/// Arguments of fields below the roots, and why none of them reaches another tenant.
pub(super) const BELOW_THE_ROOTS: &[(&str, &str)] = &[
    ("Conversation.entries.first", "a count"),
    ("Conversation.entries.last", "a count"),
    (
        "Conversation.entries.after",
        "a sequence inside the conversation that was found",
    ),
    (
        "Conversation.entries.before",
        "a sequence inside the conversation that was found",
    ),
];

/// All that a subscription may reach: nothing in it depends on who hears it (DESIGN 6).
pub(super) const HEARD: &[&str] = &[
    "Boolean",
    "ConversationEvent",
    "DateTime",
    "DirectoryEvent",
    "EntryKind",
    "Event",
    "File",
    "FileKind",
    "FileState",
    "ID",
    "Int",
    "Int53",
    "MessageEvent",
    "PresenceEvent",
    "ReadMarkEvent",
    "SessionEndReason",
    "SessionEndedEvent",
    "String",
    "Subscription",
    "UploadEvent",
    "UploadState",
];

/// What answers while the initial password is still to be changed (SEC-06): what the form needs,
/// and the language it is in.
pub(super) const BEFORE_THE_CHANGE: &[&str] = &["company", "passwordRule", "languageSet"];

impl Line {
    /// The ids it takes.
    pub(super) fn ids(&self) -> &'static [(&'static str, Kind)] {
        match self.takes {
            Ids(ids) | LeftOut(ids) => ids,
            Secret(_) | NoId | Called => &[],
        }
    }

    /// Whether it makes something of files that were uploaded for it.
    pub(super) fn uses_files(&self) -> bool {
        let uses = [Kind::FreshFile, Kind::FolderFile, Kind::Avatar, Kind::Logo];
        self.ids().iter().any(|(_, kind)| uses.contains(kind))
    }
}

/// All lines of /graphql.
pub(super) fn tenant_lines() -> impl Iterator<Item = &'static Line> {
    let parts = [TENANT_QUERIES, TENANT_MUTATIONS, TENANT_SUBSCRIPTIONS];
    parts.into_iter().flatten()
}

/// All lines of /platform/graphql.
pub(super) fn platform_lines() -> impl Iterator<Item = &'static Line> {
    PLATFORM_QUERIES.iter().chain(PLATFORM_MUTATIONS)
}
