//! The enums of both schemas. Each mirrors one of `tenancy-model`; the derive fails to compile when
//! a variant is missing. `ErrorCode` is printed out of its table.

use std::borrow::Cow;

use async_graphql::{
    ContextSelectionSet, Enum, OutputType, Positioned, ServerResult, Value,
    parser::types::Field,
    registry::{MetaEnumValue, MetaType, MetaTypeId, Registry},
};
use tenancy_model as model;

/// Declares a GraphQL enum that mirrors one of the model.
macro_rules! mirror {
    ($(
        $(#[$doc:meta])*
        $name:ident: $remote:literal { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? }
    )+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
            #[graphql(remote = $remote)]
            pub enum $name { $($(#[$vdoc])* $variant),+ }
        )+
    };
}

mirror! {
    /// Which door a session came through; API sessions have a bearer token and are no device.
    Surface: "model::Surface" { Member, Console, Api }
    /// What counts as one device beside another.
    DeviceType: "model::DeviceType" { Desktop, Mobile, Console, Api }
    /// The language of screens, mails and messages.
    Language: "model::Language" { ZhCn, En }
    /// One ability of an administrator.
    Permission: "model::Permission" {
        CompanyView, CompanyManage, MembersView, MembersManage, DepartmentsManage, SessionsManage,
        SecurityManage, MailView,
    }
    /// A named set of permissions.
    Role: "model::Role" { Owner, Administrator, DirectoryAdministrator, Member }
    /// Whether a member may come in, and is shown in the directory.
    MemberState: "model::MemberState" { Active, Disabled, Resigned }
    /// The life cycle of a tenant, in order.
    TenantStatus: "model::TenantStatus" { Provisioning, Active, Suspended, Closing, Erased }
    /// The kinds of conversations.
    ConversationKind: "model::ConversationKind" {
        Direct, Discussion, Fixed, Department, AllStaff, App, System, FileAssistant,
    }
    /// What an entry of a log is.
    EntryKind: "model::EntryKind" { Message, Created }
    /// What became of a mail.
    MailState: "tenancy_notify::MailState" { Queued, Sent, Failed, Held }
    /// What a file is, by its content; a folder is a directory that was uploaded.
    FileKind: "model::FileKind" { Image, Video, Audio, File, Folder }
    /// What a file is uploaded for.
    FilePurpose: "model::FilePurpose" { Message, Avatar, CompanyLogo }
    /// Where an upload stands.
    UploadState: "model::UploadState" { Receiving, Checking, Ready, Refused, Cancelled }
    /// Whether a file can still be read.
    FileState: "model::FileState" { Available, Expired, Removed }
    /// Which of a file's objects: itself, the small picture of a picture or video, the still of a
    /// video, or a folder as one file.
    FileVariant: "tenancy_files::Variant" { Original, Thumbnail, Poster, Zip }
    /// What a browser does with it; what it could run is saved, whatever was asked.
    FileDisposition: "tenancy_files::Disposition" { Inline, Attachment }
    /// Why a session ended.
    SessionEndReason: "model::SessionEndReason" {
        SignedOut, Revoked, Replaced, PasswordChanged, Expired, TenantClosed, MemberClosed,
    }
}

/// A code out of the table of error codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorCodeName(pub model::ErrorCode);

impl OutputType for ErrorCodeName {
    fn type_name() -> Cow<'static, str> {
        "ErrorCode".into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Enum, |_| MetaType::Enum {
            name: "ErrorCode".to_owned(),
            description: Some("Every error that a client can cause or be told of.".to_owned()),
            enum_values: model::ErrorCode::all()
                .map(|code| (code.code().to_owned(), enum_value(code.code())))
                .collect(),
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            rust_typename: Some(std::any::type_name::<Self>()),
            directive_invocations: Vec::new(),
            requires_scopes: Vec::new(),
        })
    }

    async fn resolve(
        &self,
        _: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Value> {
        Ok(Value::Enum(async_graphql::Name::new(self.0.code())))
    }
}

fn enum_value(name: &str) -> MetaEnumValue {
    MetaEnumValue {
        name: name.to_owned(),
        description: None,
        deprecation: Default::default(),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        directive_invocations: Vec::new(),
    }
}
