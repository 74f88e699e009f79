//! Technical bounds that money does not move. A configuration may lower some of them for a test;
//! what a tenant buys is in [`crate::EntitlementsSnapshot`].

/// Characters of a message's text.
pub const MESSAGE_CHARS_MAX: usize = 10_000;
/// Characters of a client's nonce.
pub const NONCE_CHARS_MIN: usize = 8;
/// Characters of a client's nonce.
pub const NONCE_CHARS_MAX: usize = 64;
/// Entries of one page of a log.
pub const ENTRIES_PAGE_MAX: u32 = 200;
/// Items of one page of any other list.
pub const PAGE_MAX: u32 = 100;
/// Characters of a person's name, position, nickname.
pub const NAME_CHARS_MAX: usize = 64;
/// Characters of a company's full name.
pub const COMPANY_NAME_CHARS_MAX: usize = 100;
/// Width of a department's name: 50 narrow or 25 wide characters (DIR-03).
pub const DEPARTMENT_NAME_WIDTH_MAX: usize = 50;
/// Characters of an account (DIR-12).
pub const ACCOUNT_CHARS_MAX: usize = 32;
/// Characters of an e-mail address (RFC 5321: 254).
pub const EMAIL_CHARS_MAX: usize = 254;
/// Characters of a mobile number with country code (E.164: 15 digits and `+`).
pub const MOBILE_CHARS_MAX: usize = 16;
/// Characters of a search term.
pub const SEARCH_CHARS_MAX: usize = 64;
/// Departments of one member.
pub const DEPARTMENTS_PER_MEMBER_MAX: usize = 20;
/// Levels of the department tree, the root not counted.
pub const DEPARTMENT_DEPTH_MAX: u32 = 15;
/// Departments of a tenant.
pub const DEPARTMENTS_MAX: u64 = 10_000;
/// Characters of a password when no strong rule is set.
pub const PASSWORD_CHARS_MIN: usize = 8;
/// Characters of a password.
pub const PASSWORD_CHARS_MAX: usize = 128;
/// Characters of a password under the strong rule (SEC-08).
pub const STRONG_PASSWORD_CHARS_MAX: usize = 16;
/// Members of a tenant (LIC-11).
pub const MEMBERS_MAX: u64 = 30_000;
/// Messages of one commit (DESIGN.md 4).
pub const COMMIT_ROWS_MAX: usize = 256;
/// Characters of a file's name, and of a path inside a folder.
pub const FILE_NAME_CHARS_MAX: usize = 255;
/// Bytes of a file that is uploaded in one request.
pub const SMALL_FILE_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// Bytes of the largest file that a tenant can allow (one object of the embedded column).
pub const FILE_BYTES_MAX: u64 = 5 * 1024 * 1024 * 1024;
/// Files of one message.
pub const ATTACHMENTS_MAX: usize = 9;
/// Files of one folder (MSG-09).
pub const FOLDER_FILES_MAX: usize = 1_000;
/// Levels of a folder.
pub const FOLDER_DEPTH_MAX: usize = 16;
/// Grants, or states, asked for at once.
pub const FILES_AT_ONCE_MAX: usize = 100;
/// Addresses of parts given at once.
pub const UPLOAD_PARTS_AT_ONCE_MAX: usize = 32;
