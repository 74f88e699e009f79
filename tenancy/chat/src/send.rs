//! Sends a message: acknowledged means durable, and the same nonce twice is one message (DESIGN.md
//! 4).

use tenancy_access::{DomainError, FaultCode, TenantContext};
use tenancy_model::{
    ConversationId, ErrorCode, MessageId, Problem,
    limits::{MESSAGE_CHARS_MAX, NONCE_CHARS_MAX, NONCE_CHARS_MIN},
};

use crate::{
    attachments::SendFiles,
    commit::{Chat, Outcome, Refusal, SendRow},
    direct::name_of,
    entry::Entry,
};

/// A message on its way.
#[derive(Debug, Clone)]
pub struct SendInput {
    /// Where to.
    pub conversation: ConversationId,
    /// The author's own id of it, 8 to 64 characters.
    pub nonce: String,
    /// What it says, kept as it is; empty where only files are sent.
    pub text: String,
    /// What it carries.
    pub files: SendFiles,
}

/// A message that is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Its entry.
    pub entry: Entry,
    /// Whether it had been sent before, with this nonce.
    pub duplicate: bool,
}

impl Chat {
    /// Sends a message to a conversation that the acting member is in; returns after the commit.
    /// Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// `MESSAGE_EMPTY`, `MESSAGE_TOO_LONG`, `TOO_SHORT`, `TOO_LONG`, `TOO_MANY`, `TOO_DEEP`,
    /// `REQUIRED`, `INVALID_INPUT`, `FILE_NOT_READY`, `FILE_ATTACHED`, `NONCE_REUSED`,
    /// `CONVERSATION_CLOSED`; `NOT_FOUND`, `FORBIDDEN`, `UNAVAILABLE` (try again
    /// with the same nonce).
    pub async fn send(&self, ctx: &TenantContext, input: SendInput) -> Result<Sent, DomainError> {
        let author = ctx.require_member()?;
        check(&input)?;
        let files = input.files.checked()?;
        let row = SendRow {
            id: MessageId::new(ctx.clock(), ctx.rng()),
            conversation: input.conversation,
            author,
            author_name: name_of(&ctx.actor),
            nonce: input.nonce,
            // White space beside files says nothing.
            text: match input.text.trim().is_empty() {
                true => String::new(),
                false => input.text,
            },
            files,
        };
        match self.commit(&ctx.store, row).await? {
            Outcome::Kept(entry) => Ok(Sent {
                entry,
                duplicate: false,
            }),
            Outcome::Duplicate(entry) => Ok(Sent {
                entry,
                duplicate: true,
            }),
            Outcome::Refused(refusal) => Err(refusal.into()),
            Outcome::Failed(failure) => Err(failure.into()),
        }
    }
}

fn check(input: &SendInput) -> Result<(), Problem> {
    let nonce_chars = input.nonce.chars().count();
    if nonce_chars < NONCE_CHARS_MIN {
        let problem = Problem::field(ErrorCode::TooShort, "nonce");
        return Err(problem.limit(NONCE_CHARS_MIN as u64));
    }
    if nonce_chars > NONCE_CHARS_MAX {
        let problem = Problem::field(ErrorCode::TooLong, "nonce");
        return Err(problem.limit(NONCE_CHARS_MAX as u64));
    }
    if input.text.trim().is_empty() && input.files.is_empty() {
        return Err(Problem::field(ErrorCode::MessageEmpty, "text"));
    }
    // At most four bytes a character: most texts need not be counted.
    if input.text.len() > MESSAGE_CHARS_MAX {
        let chars = input.text.chars().count();
        if chars > MESSAGE_CHARS_MAX {
            let problem = Problem::field(ErrorCode::MessageTooLong, "text");
            return Err(problem.limit(MESSAGE_CHARS_MAX as u64).used(chars as u64));
        }
    }
    // PostgreSQL cannot keep it, and no keyboard writes it.
    for (field, text) in [("nonce", &input.nonce), ("text", &input.text)] {
        if text.contains('\0') {
            return Err(Problem::field(ErrorCode::InvalidInput, field));
        }
    }
    Ok(())
}

impl From<Refusal> for DomainError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Inactive => Self::Fault(FaultCode::Forbidden),
            Refusal::NotFound => Self::NOT_FOUND,
            Refusal::FileNotReady => {
                Problem::field(ErrorCode::FileNotReady, "attachmentIds").into()
            }
            Refusal::FileAttached => {
                Problem::field(ErrorCode::FileAttached, "attachmentIds").into()
            }
            Refusal::NonceReused => Problem::field(ErrorCode::NonceReused, "nonce").into(),
            Refusal::Closed => Problem::new(ErrorCode::ConversationClosed).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(nonce: &str, text: &str) -> SendInput {
        SendInput {
            conversation: ConversationId::from(uuid::Uuid::nil()),
            nonce: nonce.to_owned(),
            text: text.to_owned(),
            files: SendFiles::default(),
        }
    }

    fn code(nonce: &str, text: &str) -> Option<ErrorCode> {
        check(&input(nonce, text)).err().map(|problem| problem.code)
    }

    #[test]
    fn what_cannot_be_a_message_is_refused_before_it_waits() {
        let long = "字".repeat(MESSAGE_CHARS_MAX);
        assert_eq!(code("12345678", "hello"), None);
        assert_eq!(code("12345678", &long), None);
        assert_eq!(
            code("12345678", &format!("{long}字")),
            Some(ErrorCode::MessageTooLong)
        );
        assert_eq!(code("12345678", " \n\t"), Some(ErrorCode::MessageEmpty));
        assert_eq!(code("1234567", "hello"), Some(ErrorCode::TooShort));
        assert_eq!(code(&"1".repeat(65), "hello"), Some(ErrorCode::TooLong));
        assert_eq!(code("12345678", "a\0b"), Some(ErrorCode::InvalidInput));
        assert_eq!(code("1234\0abcd", "ab"), Some(ErrorCode::InvalidInput));
    }
}
