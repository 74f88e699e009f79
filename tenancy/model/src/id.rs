//! Every id of the product. The prefix is part of the public API: it never changes.

use kernel::typed_id;

typed_id!(
    /// A tenant; also what its schema, role and file are named after.
    TenantId, "tnt_");
typed_id!(
    /// A member of a tenant.
    MemberId, "mem_");
typed_id!(
    /// A department.
    DepartmentId, "dep_");
typed_id!(
    /// A session of a member or of the founder.
    SessionId, "ses_");
typed_id!(
    /// A conversation.
    ConversationId, "cnv_");
typed_id!(
    /// One entry of a conversation's log.
    MessageId, "msg_");
typed_id!(
    /// An entry of the log of administrators' actions.
    AuditId, "aud_");
typed_id!(
    /// A job, one-time or recurring.
    JobId, "job_");
typed_id!(
    /// A mail on its way.
    MailId, "mai_");
typed_id!(
    /// A sign-up that waits for its code.
    SignupId, "sgn_");
typed_id!(
    /// An operator's (later also a reseller's) account, outside any tenant.
    PlatformAccountId, "plt_");
typed_id!(
    /// A session of a platform account.
    PlatformSessionId, "pls_");
typed_id!(
    /// An entry of the ledger that entitlements are folded from.
    LedgerId, "led_");
typed_id!(
    /// A small typed document of a tenant (settings and the like).
    RecordId, "rec_");
typed_id!(
    /// One use of a file: what clients know of it. Made of the same UUID as the upload it came by.
    FileId, "fil_");
typed_id!(
    /// Bytes on their way in.
    UploadId, "upl_");
typed_id!(
    /// A stored object; never told to a client.
    ObjectId, "obj_");
